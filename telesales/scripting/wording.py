"""Names of stages, field types, disclosures, outcomes and faults in the reader's language."""

from flask_babel import gettext as _

from scripts.checks import Fault, Problem
from scripts.fields import FieldProblem
from scripts.script import Disclosure, FieldType, Outcome, Stage


def stage_name(stage: Stage) -> str:
    """The word of the breadcrumb."""
    names: dict[Stage, str] = {
        Stage.OPENING: _("Opening"),
        Stage.NEED: _("Need"),
        Stage.OFFER: _("Offer"),
        Stage.ORDER: _("Order"),
        Stage.CLOSING: _("Closing"),
    }
    return names[stage]


def field_type_name(kind: FieldType) -> str:
    """What may be typed."""
    names: dict[FieldType, str] = {
        FieldType.TEXT: _("text"),
        FieldType.NUMBER: _("number"),
        FieldType.DATE: _("date"),
        FieldType.CHOICE: _("choice"),
        FieldType.YES_NO: _("yes or no"),
        FieldType.PHONE: _("telephone number"),
        FieldType.EMAIL: _("e-mail address"),
        FieldType.MONEY: _("amount"),
    }
    return names[kind]


def disclosure_name(told: Disclosure) -> str:
    """What has to be said."""
    names: dict[Disclosure, str] = {
        Disclosure.IDENTITY: _("who is calling and why"),
        Disclosure.RECORDING: _("that the call is recorded"),
        Disclosure.PRICE: _("the whole price"),
        Disclosure.TERMS: _("the terms"),
        Disclosure.CANCELLATION: _("the right to cancel"),
    }
    return names[told]


def outcome_name(outcome: Outcome | str) -> str:
    """The outcome that an end of the script suggests."""
    names: dict[Outcome, str] = {
        Outcome.SALE: _("Sale"),
        Outcome.CALLBACK: _("Call back"),
        Outcome.NOT_INTERESTED: _("Not interested"),
        Outcome.DO_NOT_CALL: _("Do not call"),
        Outcome.WRONG_PERSON: _("Wrong person"),
        Outcome.NO_CONVERSATION: _("No conversation"),
        Outcome.OTHER: _("Other"),
    }
    return names[Outcome(outcome)]


def sample_values() -> dict[str, str]:
    """Words in place of names that are known only in a call."""
    return {
        "agent.name": _("[agent]"),
        "agent.first_name": _("[agent]"),
        "campaign.name": _("[campaign]"),
        "client.name": _("[client]"),
        "centre.name": _("[centre]"),
    }


def field_problem(problem: FieldProblem) -> str:
    """Why a value was not taken."""
    names: dict[FieldProblem, str] = {
        FieldProblem.TOO_LONG: _("This is too long."),
        FieldProblem.NOT_A_NUMBER: _("This is not a number."),
        FieldProblem.NOT_A_DATE: _("This is not a date."),
        FieldProblem.NOT_A_CHOICE: _("This is none of the choices."),
        FieldProblem.NOT_YES_OR_NO: _("Answer yes or no."),
        FieldProblem.NOT_A_PHONE_NUMBER: _("This is not a telephone number."),
        FieldProblem.NOT_AN_EMAIL: _("This is not an e-mail address."),
        FieldProblem.NOT_AN_AMOUNT: _("This is not an amount."),
    }
    return names[problem]


def fault_text(problem: Problem) -> str:
    """What is wrong with a script."""
    detail = problem.detail
    names: dict[Fault, str] = {
        Fault.DUPLICATE_KEY: _("“%(detail)s” is there twice.", detail=detail),
        Fault.UNKNOWN_STEP: _("It leads to “%(detail)s”, which does not exist.", detail=detail),
        Fault.DEAD_END: _("Nothing leads on from here, and no outcome is suggested."),
        Fault.END_WITH_ANSWERS: _("An end of the script cannot have answers."),
        Fault.UNREACHABLE: _("No answer leads here."),
        Fault.NO_WAY_OUT: _("From here the call can never end."),
        Fault.NO_SALE: _("No way leads to a sale."),
        Fault.DISCLOSURE_BYPASSED: _("It can be reached without “%(detail)s” being said.", detail=detail),
        Fault.DISCLOSURE_UNANSWERED: _("What has to be said needs an answer of the callee."),
        Fault.UNKNOWN_MERGE_FIELD: _("“%(detail)s” is not known.", detail=detail),
        Fault.NO_FALLBACK: _("“%(detail)s” may be empty and has no words for that case.", detail=detail),
        Fault.BROKEN_BRACES: _("Braces are not closed."),
        Fault.NO_CHOICES: _("“%(detail)s” has nothing to choose from.", detail=detail),
        Fault.TOO_MANY: _("%(detail)s are more than there are number keys.", detail=detail),
    }
    return names[problem.fault]
