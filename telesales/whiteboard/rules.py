"""What a television shows of the standings. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

TOP = 10
UNNAMED_END = 2  # so many people share the end of the list without a place: nobody is shown as last

Row = Mapping[str, Any]


def arrange(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Part the ranking into those with a place and everybody else, by name.

    A place is shown to the first ten who have sold, and never to the end of the list.
    """
    placed = min(TOP, sum(1 for row in rows if row["sales"]), max(1, len(rows) - UNNAMED_END))
    others = sorted(rows[placed:], key=lambda row: (row["latin_name"] or row["name"]).casefold())
    return {"ranked": list(rows[:placed]), "others": others}


def shows(options: Mapping[str, Any], *, campaign_id: int, team_id: int | None) -> bool:
    """Say whether a screen with these options shows what happens in this campaign, by this team."""
    campaigns = options.get("campaign_ids")
    team = options.get("team_id")
    return (not campaigns or campaign_id in campaigns) and (not team or team == team_id)


def link_path(token: str) -> str:
    """Address of a screen, inside the program."""
    return f"/whiteboard/s/{token}"
