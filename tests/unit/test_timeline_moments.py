"""How moments follow each other."""

from datetime import UTC, datetime, timedelta

from telesales.timelines.moments import Moment, in_order, latest, lines

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def moment(seconds: float, kind: str = "x") -> Moment:
    return Moment(NOON + timedelta(seconds=seconds), kind)


def test_sources_are_merged_by_time_and_keep_their_order_within_an_instant():
    found = in_order([moment(0, "a"), moment(5, "b")], [moment(0, "c"), moment(2, "d")])

    assert [each.kind for each in found] == ["a", "c", "d", "b"]


def test_what_lies_between_is_said_and_long_silence_marked():
    first, second, third = lines([moment(0), moment(9.9), moment(19.9)])

    assert (first.after, round(second.after, 1), round(third.after, 1)) == (None, 9.9, 10.0)
    assert [first.is_gap, second.is_gap, third.is_gap] == [False, False, True]


def test_moments_are_found_in_the_recording_only_while_it_runs():
    recorded = (NOON + timedelta(seconds=2), 10.0)

    found = lines([moment(1), moment(2), moment(7.5), moment(12.1)], recorded=recorded)

    assert [line.heard_at for line in found] == [None, 0.0, 5.5, None]


def test_pages_neither_repeat_nor_lose_what_happened_at_one_instant():
    many = [moment(second, str(nth)) for nth, second in enumerate((1, 2, 3, 3, 3, 4, 5))]
    seen: list[str] = []
    before = NOON + timedelta(days=1)
    while before is not None:
        older = sorted((each for each in many if each.at < before), key=lambda each: each.at, reverse=True)
        page, before = latest([older[:6]], 3)
        seen += [each.kind for each in page]

    assert sorted(seen) == ["0", "1", "2", "3", "4", "5", "6"]


def test_page_that_shows_everything_its_sources_gave_may_still_have_older_ones():
    full = [moment(9 - nth) for nth in range(3)]

    assert latest([full], 2)[1] is not None


def test_last_page_says_that_nothing_is_older():
    assert latest([[moment(2)], [moment(1)]], 2)[1] is None
