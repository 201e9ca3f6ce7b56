"""Names of topics, and who may hear which. Pure."""

LEADERS = frozenset({"administrator", "manager", "supervisor"})
STAFF = LEADERS | {"reviewer", "agent"}
OF_A_CLIENT = frozenset({"floor", "import"})  # kinds whose subject belongs to a client
MOST_DIGITS = 9  # of an id: what no database can hold is nobody's


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
    """Say whether this person may hear the topic. `client_id`: the one client the person belongs to.

    Whether the campaign or the import that a topic names is of that client is not said here: `subject_of` it
    has to be in the person's scope too.
    """
    kind, _, subject = topic.partition(":")
    if kind == "desk":
        return subject == str(user_id)
    if kind == "standings":
        return subject == str(client_id) if client_id is not None else role in STAFF
    if kind in OF_A_CLIENT:
        return role in LEADERS and subject_of(topic) is not None
    if kind == "board":
        return role in LEADERS and client_id is None
    return False


def subject_of(topic: str) -> tuple[str, int] | None:
    """(kind, id) of a topic whose subject belongs to a client."""
    kind, _, subject = topic.partition(":")
    is_id = subject.isascii() and subject.isdecimal() and len(subject) <= MOST_DIGITS
    return (kind, int(subject)) if kind in OF_A_CLIENT and is_id else None


def desk_owner(topic: str) -> int | None:
    """Whose desk the topic is, if it is a desk."""
    kind, _, subject = topic.partition(":")
    return int(subject) if kind == "desk" and subject.isdigit() else None
