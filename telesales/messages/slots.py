"""What the page shows of each kind of message."""

from collections.abc import Sequence
from dataclasses import dataclass

from telesales.campaigns.models import Campaign
from telesales.messages.heard import look_at_nodes, operators_file
from telesales.messages.queries import Told, versions_of
from telesales.messages.rules import CENTRE_KINDS, MessageKind, carrier_name


@dataclass(frozen=True, slots=True)
class Slot:
    """One kind of message of a campaign, or of all."""

    kind: MessageKind
    field: str
    current: Told | None
    earlier: Sequence[Told]
    general: Told | None  # heard when the campaign has none
    file: str  # of the operator, heard when nothing was uploaded
    there: int  # nodes that have it
    nodes: int

    @property
    def is_heard(self) -> bool:
        """Something is heard at all."""
        return self.current is not None or self.general is not None or bool(self.file)


def field_of(kind: MessageKind) -> str:
    """Name of the field that takes the file."""
    return f"sound-{kind}"


def slots_of(campaign: Campaign | None) -> Sequence[Slot]:
    """Every kind in its order."""
    campaign_id = campaign.id if campaign else None
    versions = versions_of(campaign_id)
    general = versions_of(None) if campaign else {}
    nodes = look_at_nodes()
    slots = []
    for kind in MessageKind if campaign else CENTRE_KINDS:
        current = _current(versions[kind])
        name = carrier_name(kind, campaign_id)
        slots.append(
            Slot(
                kind=kind,
                field=field_of(kind),
                current=current,
                earlier=versions[kind][1:] if current else versions[kind],
                general=_current(general.get(kind, ())),
                file=_file(kind, campaign_id),
                there=nodes.count(name, current.message.sha256) if current else 0,
                nodes=len(nodes.have),
            )
        )
    return slots


def _current(versions: Sequence[Told]) -> Told | None:
    return versions[0] if versions and versions[0].message.is_there else None


def _file(kind: MessageKind, campaign_id: int | None) -> str:
    own = operators_file(kind, campaign_id)
    return own if own or campaign_id is None else operators_file(kind, None)
