"""One call's way through a script. A session is a value: every verb returns the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scripts.fields import clean_value, shown_value
from scripts.script import Disclosure, Field, Script, Stage, Step


class UnknownChoiceError(ValueError):
    """The answer, step or field does not exist where the session stands."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A step that was left, and the answer that led on."""

    step: str
    answer: str


@dataclass(frozen=True)
class Session:
    """Where a call stands in its script. `revision` grows with every move, so that an old page is noticed."""

    script: Script
    step_key: str
    path: tuple[Visit, ...] = ()
    said: tuple[Disclosure, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    return_to: str | None = None
    revision: int = 0

    @classmethod
    def begin(cls, script: Script) -> "Session":
        """Stand at the first step."""
        return cls(script=script, step_key=script.first)

    @property
    def step(self) -> Step:
        """The step that is on the screen."""
        return self.script.step(self.step_key)

    @property
    def step_index(self) -> int:
        """Place of the current step in the script, from 0."""
        return self.script.index_of(self.step_key)

    def answer(self, choice: str) -> "Session":
        """Follow an answer of the current step, named by its key or by its number from 1."""
        answers = self.step.answers
        chosen = next((a for nth, a in enumerate(answers, 1) if choice in (a.key, str(nth))), None)
        if chosen is None:
            raise UnknownChoiceError(choice)
        target = self.return_to or chosen.goes_to
        return replace(
            self,
            step_key=target,
            path=(*self.path, Visit(self.step_key, chosen.key)),
            said=self._said_with_current(),
            return_to=None,
            revision=self.revision + 1,
        )

    def _said_with_current(self) -> tuple[Disclosure, ...]:
        told = self.step.disclosure
        return self.said if told is None or told in self.said else (*self.said, told)

    def back(self) -> "Session":
        """Return to the step before. What was said stays said; what was entered stays entered."""
        if self.return_to is not None:
            return replace(self, step_key=self.return_to, return_to=None, revision=self.revision + 1)
        if not self.path:
            return self
        return replace(
            self,
            step_key=self.path[-1].step,
            path=self.path[:-1],
            revision=self.revision + 1,
        )

    def visit(self, step_key: str) -> "Session":
        """Go aside to a step that is still missing; its answer leads back to where the call was."""
        if step_key not in self.script.steps_by_key:
            raise UnknownChoiceError(step_key)
        if step_key == self.step_key:
            return self
        return replace(
            self,
            step_key=step_key,
            return_to=self.return_to or self.step_key,
            revision=self.revision + 1,
        )

    def enter(self, field_key: str, text: str) -> "Session":
        """Write a value into a field. Raises FieldValueError when it does not fit; does not move."""
        entry = self.script.fields_by_key.get(field_key)
        if entry is None:
            raise UnknownChoiceError(field_key)
        return replace(self, values={**self.values, field_key: clean_value(entry, text)})

    def with_values(self, values: Mapping[str, str]) -> "Session":
        """The same place with what was written down elsewhere."""
        return replace(self, values=dict(values))

    @property
    def seen_steps(self) -> Sequence[Step]:
        """The steps of the way, each once, the current one last."""
        keys = dict.fromkeys([visit.step for visit in self.path])
        keys.pop(self.step_key, None)
        return [self.script.step(key) for key in (*keys, self.step_key)]

    @property
    def seen_stages(self) -> frozenset[Stage]:
        """Stages that the call has reached."""
        return frozenset(step.stage for step in self.seen_steps)

    @property
    def missing_disclosures(self) -> Sequence[Step]:
        """Steps that have to be said before a sale, one for each disclosure, in the order of the script."""
        missing: dict[Disclosure, Step] = {}
        for step in self.script.disclosure_steps():
            told = step.disclosure
            if told is not None and told not in self.said:
                missing.setdefault(told, step)
        return list(missing.values())

    @property
    def missing_fields(self) -> Sequence[tuple[Step, Field]]:
        """Required fields on the way that are empty."""
        return [
            (step, entry)
            for step in self.seen_steps
            for entry in step.fields
            if entry.required and not self.values.get(entry.key)
        ]

    @property
    def merge_values(self) -> Mapping[str, str]:
        """Values for `{{field.x}}` in texts."""
        fields = self.script.fields_by_key
        return {
            f"field.{key}": shown_value(fields[key], value)
            for key, value in self.values.items()
            if key in fields
        }

    def to_data(self) -> dict[str, Any]:
        """Everything but the script, ready for JSON."""
        return {
            "step": self.step_key,
            "path": [[visit.step, visit.answer] for visit in self.path],
            "said": list(self.said),
            "values": dict(self.values),
            "return_to": self.return_to,
            "revision": self.revision,
        }

    @classmethod
    def from_data(cls, script: Script, data: Mapping[str, Any]) -> "Session":
        """Inverse of `to_data`, for the same version of the script."""
        return cls(
            script=script,
            step_key=data["step"],
            path=tuple(Visit(step, answer) for step, answer in data["path"]),
            said=tuple(Disclosure(word) for word in data["said"]),
            values=data["values"],
            return_to=data["return_to"],
            revision=data["revision"],
        )
