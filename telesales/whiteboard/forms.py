"""What a browser may send about a screen."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.i18n import LOCALES
from telesales.whiteboard.service import ScreenFacts

NAME_LENGTH = 80


@dataclass
class ScreenForm:
    """A screen as typed."""

    name: str = ""
    client_id: str = ""
    campaign_ids: list[str] = field(default_factory=list)
    team_id: str = ""
    locale: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> "ScreenForm":
        """Take what was sent."""
        return cls(
            name=sent.get("name", "").strip(),
            client_id=sent.get("client_id", ""),
            campaign_ids=sent.getlist("campaign_ids"),
            team_id=sent.get("team_id", ""),
            locale=sent.get("locale", ""),
        )

    def check(self, *, clients: set[str], campaigns: set[str], teams: set[str]) -> bool:
        """Compare with what may be chosen; say whether all is well."""
        if not self.name:
            self.errors["name"] = _("Give the screen a name, for example where it hangs.")
        elif len(self.name) > NAME_LENGTH:
            self.errors["name"] = _("Use at most %(most)s characters.", most=NAME_LENGTH)
        if self.client_id not in clients:
            self.errors["client_id"] = _("Choose one of the list.")
        if not set(self.campaign_ids) <= campaigns:
            self.errors["campaign_ids"] = _("Choose campaigns of this list.")
        if self.team_id not in teams | {""}:
            self.errors["team_id"] = _("Choose one of the list.")
        if self.locale not in {"", *LOCALES}:
            self.errors["locale"] = _("Choose one of the list.")
        return not self.errors

    def facts(self) -> ScreenFacts:
        """What was chosen; call `check` first."""
        return ScreenFacts(
            name=self.name,
            client_id=int(self.client_id) if self.client_id else None,
            campaign_ids=tuple(int(campaign) for campaign in self.campaign_ids),
            team_id=int(self.team_id) if self.team_id else None,
            locale=self.locale,
        )
