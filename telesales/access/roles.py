"""Who people are."""

from enum import StrEnum


class Role(StrEnum):
    """What a person does here."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    AGENT = "agent"
    CLIENT = "client"
    SCREEN = "screen"


MANAGERS = (Role.ADMINISTRATOR, Role.MANAGER)
LEADERS = (*MANAGERS, Role.SUPERVISOR)
STAFF = (*LEADERS, Role.REVIEWER, Role.AGENT)
PEOPLE = (*STAFF, Role.CLIENT)
