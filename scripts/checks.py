"""What is wrong with a script, before anybody reads it to a callee."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from scripts import merge
from scripts.script import FieldType, Outcome, Script, Step

MAX_ANSWERS = 9  # they lie on the number keys
MAX_OBJECTIONS = 9


class Fault(StrEnum):
    """Kinds of mistakes; the application words them in the person's language."""

    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_STEP = "unknown_step"
    DEAD_END = "dead_end"
    END_WITH_ANSWERS = "end_with_answers"
    UNREACHABLE = "unreachable"
    NO_WAY_OUT = "no_way_out"
    NO_SALE = "no_sale"
    DISCLOSURE_BYPASSED = "disclosure_bypassed"
    DISCLOSURE_UNANSWERED = "disclosure_unanswered"
    UNKNOWN_MERGE_FIELD = "unknown_merge_field"
    NO_FALLBACK = "no_fallback"
    BROKEN_BRACES = "broken_braces"
    NO_CHOICES = "no_choices"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake and where it is: the key of a step or objection, and a word that names it."""

    fault: Fault
    place: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.fault.value.replace('_', ' ')} {self.detail}".strip()


def check(script: Script) -> Sequence[Problem]:
    """Everything that is wrong with a script, most basic first. Empty means sound."""
    basics = [*_duplicates(script), *_unknown_steps(script)]
    texts = [*_texts(script), *_fields(script), *_too_many(script)]
    return [*basics, *texts] if basics else [*_ends(script), *_ways(script), *_disclosures(script), *texts]


def _duplicates(script: Script) -> Iterator[Problem]:
    yield from _twice("script", (step.key for step in script.steps))
    yield from _twice("objections", (objection.key for objection in script.objections))
    for step in script.steps:
        yield from _twice(step.key, (answer.key for answer in step.answers))
        yield from _twice(step.key, (field.key for field in step.fields))


def _twice(place: str, keys: Iterator[str]) -> Iterator[Problem]:
    return (Problem(Fault.DUPLICATE_KEY, place, key) for key, count in Counter(keys).items() if count > 1)


def _unknown_steps(script: Script) -> Iterator[Problem]:
    if script.first not in script.steps_by_key:
        yield Problem(Fault.UNKNOWN_STEP, "script", script.first)
    for step in script.steps:
        for answer in step.answers:
            if answer.goes_to not in script.steps_by_key:
                yield Problem(Fault.UNKNOWN_STEP, step.key, answer.goes_to)


def _ends(script: Script) -> Iterator[Problem]:
    for step in script.steps:
        if step.outcome is None and not step.answers:
            yield Problem(Fault.DEAD_END, step.key)
        if step.outcome is not None and step.answers:
            yield Problem(Fault.END_WITH_ANSWERS, step.key)


def _ways(script: Script) -> Iterator[Problem]:
    reached = _reachable(script, script.first)
    for step in script.steps:
        if step.key not in reached:
            yield Problem(Fault.UNREACHABLE, step.key)
        elif not any(script.step(key).outcome for key in _reachable(script, step.key)):
            yield Problem(Fault.NO_WAY_OUT, step.key)
    if not any(script.step(key).outcome is Outcome.SALE for key in reached):
        yield Problem(Fault.NO_SALE, "script")


def _reachable(script: Script, start: str, without: Collection[str] = ()) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        key = waiting.pop()
        if key in reached or key in without:
            continue
        reached.add(key)
        waiting += [answer.goes_to for answer in script.step(key).answers]
    return reached


def _disclosures(script: Script) -> Iterator[Problem]:
    for told in dict.fromkeys(step.disclosure for step in script.disclosure_steps()):
        steps = [step.key for step in script.steps if step.disclosure is told]
        left = _reachable(script, script.first, without=steps)
        for key in sorted(left):
            if script.step(key).outcome is Outcome.SALE:
                yield Problem(Fault.DISCLOSURE_BYPASSED, key, str(told))
    for step in script.disclosure_steps():
        if not step.answers:
            yield Problem(Fault.DISCLOSURE_UNANSWERED, step.key)


def _texts(script: Script) -> Iterator[Problem]:
    known = known_names(script)
    for place, text in _all_texts(script):
        if merge.has_broken_braces(text):
            yield Problem(Fault.BROKEN_BRACES, place)
        for field in merge.merge_fields(text):
            if field.name not in known:
                yield Problem(Fault.UNKNOWN_MERGE_FIELD, place, field.name)
            elif not field.fallback and field.name.startswith(("lead.", "field.")):
                yield Problem(Fault.NO_FALLBACK, place, field.name)


def known_names(script: Script) -> frozenset[str]:
    """Every merge field that a text of the script may use."""
    own = chain(
        (f"lead.{key}" for key in script.lead_fields), (f"field.{key}" for key in script.fields_by_key)
    )
    return merge.LEAD_NAMES | merge.OTHER_NAMES | frozenset(own)


def _all_texts(script: Script) -> Iterator[tuple[str, str]]:
    for step in script.steps:
        yield from ((step.key, text) for text in _step_texts(step))
    for objection in script.objections:
        yield objection.key, objection.text
        yield objection.key, objection.note


def _step_texts(step: Step) -> Iterator[str]:
    yield step.text
    yield step.note
    yield from (answer.title for answer in step.answers)


def _fields(script: Script) -> Iterator[Problem]:
    for step in script.steps:
        for field in step.fields:
            if field.type is FieldType.CHOICE and not field.choices:
                yield Problem(Fault.NO_CHOICES, step.key, field.key)
            if field.type is not script.field(field.key).type:
                yield Problem(Fault.DUPLICATE_KEY, step.key, field.key)


def _too_many(script: Script) -> Iterator[Problem]:
    for step in script.steps:
        if len(step.answers) > MAX_ANSWERS:
            yield Problem(Fault.TOO_MANY, step.key, str(len(step.answers)))
    if len(script.objections) > MAX_OBJECTIONS:
        yield Problem(Fault.TOO_MANY, "objections", str(len(script.objections)))
