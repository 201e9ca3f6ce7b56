"""What is drawn of a call."""

import re
from datetime import UTC, datetime, timedelta

from telesales.recordings.rules import Gap
from telesales.recordings.waveform import COLUMNS, HEIGHT, Side, drawn_gaps, timeline_of

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def points(outline: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", outline)]


def side(peaks: bytes, *, late: float = 0.0, seconds: float = 10.0) -> Side:
    return Side(1, "callee", START + timedelta(seconds=late), seconds, peaks)


def test_the_loudest_place_reaches_to_the_edge() -> None:
    (lane,) = timeline_of([side(bytes([0, 100, 50, 0]))]).lanes

    found = points(lane.outline)

    assert min(y for _x, y in found) == 0
    assert max(y for _x, y in found) == HEIGHT
    assert found[1][0] == 375.0


def test_silence_is_a_thin_line_and_quiet_is_not_made_loud() -> None:
    (lane,) = timeline_of([side(bytes([0, 2, 0]))]).lanes

    assert all(abs(y - HEIGHT / 2) < HEIGHT / 10 for _x, y in points(lane.outline))


def test_sides_lie_on_one_line_of_time() -> None:
    timeline = timeline_of([side(b"\x10" * 10), side(b"\x10" * 10, late=10.0, seconds=10.0)])

    assert timeline.seconds == 20.0
    assert timeline.started_at == START
    assert [lane.offset for lane in timeline.lanes] == [0.0, 10.0]
    assert max(x for x, _y in points(timeline.lanes[0].outline)) < 500
    assert min(x for x, _y in points(timeline.lanes[1].outline)) > 500


def test_more_peaks_than_can_be_seen_are_thinned_by_the_loudest() -> None:
    (lane,) = timeline_of([side(b"\x00" * 999 + b"\xff")]).lanes

    found = points(lane.outline)

    assert len(found) == 2 * COLUMNS
    assert found[COLUMNS - 1][1] == 0


def test_gaps_are_drawn_where_they_are() -> None:
    (gap,) = drawn_gaps([Gap(5, 10)], 20)

    assert (gap.x, gap.width) == (250, 250)
