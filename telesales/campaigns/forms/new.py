"""What a campaign begins with: a client, a name, a purpose, a currency."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from telesales.campaigns.models import Campaign
from telesales.campaigns.service.editing import create_campaign
from telesales.campaigns.values import CampaignValues
from telesales.centre import service as centre
from telesales.money import CURRENCIES

NAMES = ("name", "purpose", "client_id", "new_client", "currency")


@dataclass(slots=True)
class NewCampaignForm:
    """What stands in the form."""

    name: str = ""
    purpose: str = ""
    client_id: str = ""
    new_client: str = ""
    currency: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def show(cls, currency: str) -> "NewCampaignForm":
        """The form as it is opened."""
        return cls(currency=currency)

    @classmethod
    def read(cls, form: MultiDict[str, str]) -> "NewCampaignForm":
        """The form as it was sent."""
        name, purpose, client_id, new_client, currency = (form.get(key, "").strip() for key in NAMES)
        return cls(name, purpose, client_id, new_client, currency)

    def is_complete(self, *, may_add_client: bool) -> bool:
        """Check what was typed; `errors` says what is wrong."""
        if not 0 < len(self.name) <= 120:
            self.errors["name"] = _("Give the campaign a name of at most %(count)s characters.", count=120)
        if len(self.purpose) > 300:
            self.errors["purpose"] = _("At most %(count)s characters.", count=300)
        if self.currency not in CURRENCIES:
            self.errors["currency"] = _("Choose a currency.")
        if not self.client_id.isdigit() and not (may_add_client and self.new_client):
            self.errors["client_id"] = _("Say for whom these calls are made.")
        return not self.errors

    def create(self) -> Campaign:
        """Make the draft, and the client when it is new."""
        if self.new_client and not self.client_id:
            client = centre.create_client(self.new_client)
        else:
            client = centre.get_client(int(self.client_id))
        return create_campaign(
            client, CampaignValues(name=self.name, purpose=self.purpose, currency=self.currency)
        )
