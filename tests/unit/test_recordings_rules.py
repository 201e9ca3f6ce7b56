"""Which calls are recorded, by their number alone; and who has to be told."""

from datetime import UTC, datetime, timedelta

import pytest

from telesales.compliance.recording_consent import has_to_be_told
from telesales.recordings.rules import Heard, Pause, gaps_of, hearings_of, is_in_share


@pytest.mark.parametrize("percent", [1, 10, 50, 99])
def test_a_share_is_as_large_as_it_says(percent: int) -> None:
    chosen = sum(is_in_share(attempt_id, percent) for attempt_id in range(20_000))

    assert chosen / 20_000 == pytest.approx(percent / 100, abs=0.01)


def test_a_larger_share_holds_the_smaller_one() -> None:
    small = {attempt_id for attempt_id in range(5_000) if is_in_share(attempt_id, 10)}

    assert all(is_in_share(attempt_id, 20) for attempt_id in small)
    assert all(is_in_share(attempt_id, 100) for attempt_id in range(5_000))
    assert not any(is_in_share(attempt_id, 0) for attempt_id in range(5_000))


@pytest.mark.parametrize(
    ("country", "state", "number", "told"),
    [
        ("US", "NY", "+12125550100", False),
        ("", "new york", "+12125550100", False),
        ("US", "N.Y.", "+15185550100", False),
        ("US", "TX", "+12125550100", False),
        ("US", "CA", "+14155550100", True),
        ("US", "CA", "+12125550100", True),
        ("US", "NY", "+14155550100", True),
        ("US", "WA", "+12065550100", True),
        ("US", "", "+12125550100", True),
        ("US", "NY", "+18005550100", True),
        ("US", "NY", "+441632960001", True),
        ("CA", "ON", "+14165550100", True),
        ("GB", "", "+441632960001", True),
        ("CN", "", "+8613800000000", True),
        ("", "", "", True),
    ],
)
def test_only_an_address_and_a_number_of_one_party_states_need_no_announcement(
    country: str, state: str, number: str, told: bool
) -> None:
    assert has_to_be_told(country=country, state=state, number=number) is told


START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def gaps(*pauses: tuple[float, int], length: float = 100.0) -> list[tuple[float, float]]:
    said = [Pause(START + timedelta(seconds=at), seconds) for at, seconds in pauses]
    return [tuple(gap) for gap in gaps_of(said, started_at=START, length=length)]


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], []),
        ([(10, 20)], [(10, 30)]),
        ([(10, 20), (15, 0)], [(10, 15)]),
        ([(10, 20), (35, 0)], [(10, 30)]),
        ([(10, 20), (20, 20)], [(10, 40)]),
        ([(10, 20), (20, 20), (25, 0)], [(10, 25)]),
        ([(10, 5), (50, 5), (52, 0)], [(10, 15), (50, 52)]),
        ([(50, 5), (10, 5)], [(10, 15), (50, 55)]),
        ([(90, 120)], [(90, 100)]),
        ([(-10, 20)], [(0, 10)]),
        ([(-30, 20)], []),
        ([(120, 20)], []),
        ([(10, 20), (10, 0)], []),
        ([(5, 0)], []),
    ],
)
def test_gaps_are_what_was_not_recorded(pauses: list, expected: list) -> None:
    assert gaps(*pauses) == expected


def test_pieces_of_one_visit_are_one_line_with_their_parts_joined() -> None:
    def piece(name: str, play: str, first: float, last: float, at: int = 0) -> Heard:
        return Heard(name, "listened", "mixed", play, START + timedelta(seconds=at), first, last)

    found = hearings_of(
        [
            piece("Ann", "a", 60, 90, at=2),
            piece("Ann", "a", 0, 30, at=1),
            piece("Ann", "a", 30.0, 40),
            piece("Ann", "b", 0, 5, at=50),
            piece("Bo", "a", 1, 2, at=20),
        ]
    )

    assert [(line.name, [tuple(part) for part in line.parts]) for line in found] == [
        ("Ann", [(0, 5)]),
        ("Bo", [(1, 2)]),
        ("Ann", [(0, 40), (60, 90)]),
    ]
    assert found[-1].at == START
