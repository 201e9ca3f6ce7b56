"""Names of topics, and who may hear which. Pure."""

LEADERS = frozenset({"administrator", "manager", "supervisor"})
STAFF = LEADERS | {"reviewer", "agent"}


def desk(user_id: int) -> str:
    """Everything for one agent's screen. Hearing it means that the desk is open."""
    return f"desk:{user_id}"


def floor(campaign_id: int) -> str:
    """The floor of one campaign."""
    return f"floor:{campaign_id}"


def board(screen_id: int) -> str:
    """One television."""
    return f"board:{screen_id}"


def standings(client_id: int | None) -> str:
    """Rankings of a client's campaigns, or of the whole centre."""
    return f"standings:{'all' if client_id is None else client_id}"


def lead_import(import_id: int) -> str:
    """Progress of one import."""
    return f"import:{import_id}"


def may_subscribe(topic: str, role: str, user_id: int, client_id: int | None) -> bool:
    """Say whether this person may hear the topic. `client_id`: the one client the person belongs to."""
    kind, _, subject = topic.partition(":")
    if kind == "desk":
        return subject == str(user_id)
    if kind == "standings":
        return subject == str(client_id) if client_id is not None else role in STAFF
    if kind in ("floor", "board", "import"):
        return role in LEADERS and client_id is None
    return False


def desk_owner(topic: str) -> int | None:
    """Whose desk the topic is, if it is a desk."""
    kind, _, subject = topic.partition(":")
    return int(subject) if kind == "desk" and subject.isdigit() else None
