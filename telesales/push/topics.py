"""Names of topics, and who may hear them."""

from telesales.access.roles import LEADERS, Role


def desk(user_id: int) -> str:
    """An agent's own screen."""
    return f"desk:{user_id}"


def floor(campaign_id: int) -> str:
    """A campaign's floor."""
    return f"floor:{campaign_id}"


def board(screen_id: int) -> str:
    """A whiteboard."""
    return f"board:{screen_id}"


def standings(client_id: int | None) -> str:
    """Rankings of a client, or of the whole centre."""
    return f"standings:{client_id or 'all'}"


def lead_import(import_id: int) -> str:
    """Progress of an import."""
    return f"import:{import_id}"


def may_subscribe(topic: str, role: Role, user_id: int, client_id: int | None) -> bool:
    """Say whether a person may renew a permission for a topic by itself; pages give the first one."""
    kind, _, key = topic.partition(":")
    if kind == "desk":
        return role == Role.AGENT and key == str(user_id)
    if kind in ("floor", "import", "board"):
        return role in LEADERS and client_id is None
    if kind == "standings":
        return role != Role.SCREEN and (client_id is None or key == str(client_id))
    return False
