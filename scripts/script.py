"""A guided call script: steps with answers that branch, typed fields, disclosures and objections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Stage(StrEnum):
    """Where in a sales conversation a step belongs; the breadcrumb of the desk."""

    OPENING = "opening"
    NEED = "need"
    OFFER = "offer"
    ORDER = "order"
    CLOSING = "closing"


class FieldType(StrEnum):
    """What an answer that the agent types may be."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PHONE = "phone"
    EMAIL = "email"
    MONEY = "money"


class Outcome(StrEnum):
    """The disposition that the last step of a way suggests."""

    SALE = "sale"
    CALLBACK = "callback"
    NOT_INTERESTED = "not_interested"
    DO_NOT_CALL = "do_not_call"
    WRONG_PERSON = "wrong_person"
    NO_CONVERSATION = "no_conversation"
    OTHER = "other"


class Disclosure(StrEnum):
    """What the callee has to be told before a sale counts."""

    IDENTITY = "identity"
    RECORDING = "recording"
    PRICE = "price"
    TERMS = "terms"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field: what is stored and what is read."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something the agent writes down during a step."""

    key: str
    title: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the callee may say, and the step that follows."""

    key: str
    title: str
    goes_to: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to say. It has answers, or it is an end and suggests an outcome."""

    key: str
    title: str
    stage: Stage
    text: str
    note: str = ""
    disclosure: Disclosure | None = None
    outcome: Outcome | None = None
    answers: tuple[Answer, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """What callees object, and the best answer known."""

    key: str
    title: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """Something that may be sold with the script; the amount is what is usually paid."""

    name: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Script:
    """A whole script. `first` is the key of the step a call begins with."""

    key: str
    title: str
    language: str
    first: str
    steps: tuple[Step, ...]
    purpose: str = ""
    objections: tuple[Objection, ...] = ()
    products: tuple[Product, ...] = ()
    lead_fields: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def steps_by_key(self) -> Mapping[str, Step]:
        """Steps by their key."""
        return {step.key: step for step in self.steps}

    @cached_property
    def fields_by_key(self) -> Mapping[str, Field]:
        """Fields of all steps; the first one wins where a key is used twice."""
        return {entry.key: entry for step in reversed(self.steps) for entry in reversed(step.fields)}

    def step(self, key: str) -> Step:
        """Return a step; KeyError when there is none."""
        return self.steps_by_key[key]

    def index_of(self, key: str) -> int:
        """Place of a step in the script, from 0."""
        return next(index for index, step in enumerate(self.steps) if step.key == key)

    def field(self, key: str) -> Field:
        """Return a field; KeyError when there is none."""
        return self.fields_by_key[key]

    def objection(self, key: str) -> Objection:
        """Return an objection; KeyError when there is none."""
        return {entry.key: entry for entry in self.objections}[key]

    def disclosure_steps(self) -> Iterator[Step]:
        """Steps that tell the callee something that is required, in the order of the script."""
        return (step for step in self.steps if step.disclosure is not None)
