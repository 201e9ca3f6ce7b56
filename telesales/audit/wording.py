"""Actions and subjects of the audit trail in the reader's language. The trail and its export keep the codes."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import pgettext

Words = Mapping[str, str]


class Group(NamedTuple):
    """Actions of one kind."""

    label: str
    words: Words


def groups() -> list[Group]:
    """Every action there is, in the order in which a reader looks for it."""
    return [
        Group(_("Signing in"), _signing_in()),
        Group(_("People"), _people()),
        Group(_("Campaigns"), _campaigns()),
        Group(_("Lists"), _lists()),
        Group(_("Do not call"), _do_not_call()),
        Group(_("Calls"), {**_calls(), **_telephone()}),
        Group(_("Agents"), _agents()),
        Group(_("Recordings"), _recordings()),
        Group(_("Settings"), _settings()),
    ]


def action_words() -> Words:
    """Code and words of every action; codes of older days are shown as they are."""
    return {code: text for group in groups() for code, text in group.words.items()}


def action_choices(chosen: str) -> list[tuple[str, list[tuple[str, str]]] | tuple[str, str]]:
    """Choices of the filter. An address may hold the beginning of a code: it stays a choice."""
    found: list[tuple[str, list[tuple[str, str]]] | tuple[str, str]] = [
        (group.label, list(group.words.items())) for group in groups()
    ]
    is_listed = not chosen or chosen in action_words()
    return found if is_listed else [(chosen, f"{chosen} …"), *found]


def _signing_in() -> Words:
    return {
        "sign_in.opened": _("Signed in"),
        "sign_in.link_created": _("Made a sign-in link"),
        "sign_in.paused": _("Sign-in waits after wrong passwords"),
        "person.unlocked": _("Ended the waiting after wrong passwords"),
        "sign_in.revoked": _("Signed a device out"),
        "sign_in.all_revoked": _("Signed all devices out"),
        "account.password_set": _("Set a password"),
        "account.changed": _("Changed the own account"),
    }


def _people() -> Words:
    return {
        "person.added": _("Added a person"),
        "person.edited": _("Changed a person"),
        "person.deactivated": _("Deactivated a person"),
        "person.reactivated": _("Reactivated a person"),
        "team.created": _("Made a team"),
        "team.edited": _("Changed a team"),
        "team.members_changed": _("Changed who is in a team"),
    }


def _campaigns() -> Words:
    return {
        "campaign.created": _("Made a campaign"),
        "campaign.edited": _("Changed a campaign"),
        "campaign.started": _("Started a campaign"),
        "campaign.paused": _("Paused a campaign"),
        "campaign.resumed": _("Let a campaign go on"),
        "campaign.finished": _("Finished a campaign"),
        "plan.version_published": _("Published a commission plan"),
        "script.published": _("Published a script"),
        "message.uploaded": _("Uploaded a message"),
        "message.removed": _("Removed a message"),
        "what_if.asked": _("Asked a what-if"),
        "what_if.cancelled": _("Stopped a what-if"),
    }


def _lists() -> Words:
    return {
        "list.created": _("Made a list"),
        "list.changed": _("Changed a list"),
        "list.removed": _("Removed a list"),
        "list.file_received": _("Uploaded a file of leads"),
        "list.columns_chosen": _("Chose the columns of a file"),
        "list.import_started": _("Started an import"),
        "list.import_resumed": _("Let an import go on"),
        "list.import_finished": _("An import was finished"),
        "list.import_failed": _("An import failed"),
        "list.file_discarded": _("Discarded a file"),
        "lead.added": _("Added a lead"),
        "lead.changed": _("Changed a lead"),
        "lead.reopened": _("Let a lead be called again"),
    }


def _do_not_call() -> Words:
    return {
        "do_not_call.added": _("Put a number on the do-not-call list"),
        "do_not_call.removed": _("Took a number off the do-not-call list"),
        "do_not_call.upload_started": _("Uploaded a file of do-not-call numbers"),
        "do_not_call.upload_finished": _("The do-not-call numbers of a file were taken in"),
        "do_not_call.upload_failed": _("Taking in a file of do-not-call numbers failed"),
        "leads.stopped": _("Leads with do-not-call numbers were stopped"),
    }


def _calls() -> Words:
    return {
        "call.disposition_recorded": _("Recorded an outcome"),
        "call.dialed_by_hand": _("Dialed by hand"),
        "call.script_chosen": _("Chose a script during a call"),
        "sale.recorded": _("Recorded a sale"),
        "sale.cancelled": _("Cancelled a sale"),
        "call.supervised": _("Listened, whispered or barged in"),
        "call.supervision_failed": _("Listening did not work"),
    }


def _telephone() -> Words:
    return {
        "telephone.hold": _("Put the callee on hold"),
        "telephone.resume": _("Took the callee off hold"),
        "telephone.transfer": _("Transferred a call"),
        "telephone.consult": _("Rang a third person"),
        "telephone.merge": _("Joined three people"),
        "telephone.complete_transfer": _("Transferred a call after asking"),
        "telephone.drop_consulted": _("Let the third person go"),
        "telephone.drop_voicemail": _("Left the message on a machine"),
        "telephone.send_digits": _("Pressed keys in a call"),
        "telephone.failed": _("The telephone network did not do it"),
    }


def _agents() -> Words:
    return {
        "agent.signed_on": _("Signed on to a campaign"),
        "agent.signed_off": _("Signed off"),
        "agent.sent_on_pause": _("Sent an agent on a pause"),
        "agent.sent_off": _("Signed an agent off"),
        "agent.moved": _("Moved an agent to another campaign"),
        "agent.order_taken_back": _("Took an order back"),
        "day.closed": _("Closed a day of the standings"),
        "standings.rebuilt": _("Counted the standings anew"),
    }


def _recordings() -> Words:
    return {
        "recording.held": _("Held a recording"),
        "recording.released": _("Let a held recording go"),
        "recording.deletion_begun": _("Ordered a recording to be deleted"),
        "recording.deleted": _("A recording was deleted"),
    }


def _settings() -> Words:
    return {
        "centre.set_up": _("Answered the first questions"),
        "centre.settings_changed": _("Changed the settings"),
        "client.created": _("Added a client"),
        "client.renamed": _("Renamed a client"),
        "screen.created": _("Made a screen"),
        "screen.link_renewed": _("Made a new link for a screen"),
        "screen.revoked": _("Took a screen away"),
    }


def subject_words() -> Words:
    """Kinds of things that are changed, by the name under which the trail keeps them."""
    return {
        "User": _("Person"), "Team": _("Team"), "Client": _("Client"), "CentreSettings": _("Settings"),
        "Campaign": _("Campaign"), "PlanVersion": _("Commission plan"), "Script": _("Script"),
        "CampaignMessage": _("Message of a campaign"), "CentreMessage": _("Message of the centre"), "WhatIf": _("What-if"),
        "LeadList": _("List"), "LeadImport": _("Import"), "Lead": _("Lead"),
        "DoNotCallEntry": _("Do-not-call number"), "DoNotCallUpload": _("Do-not-call file"),
        "CallAttempt": pgettext("thing", "Call"), "Sale": _("Sale"), "Recording": _("Recording"),
        "DayClose": _("Closed day"), "Screen": _("Screen"),
    }  # fmt: skip


def person_name(actor: str, actor_id: int | None) -> str:
    """Who did it: a name, or that the program did it by itself."""
    names: Words = {"system": _("The program"), "demo": _("Demo")}
    return actor if actor_id is not None else names.get(actor, actor)
