import csv
import io

import pytest

from telesales.spreadsheet import csv_lines, neutral


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\r=1", "-1e5x", "\x00=1"],
)
def test_cells_that_a_spreadsheet_would_run_are_made_text(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["李娜", "a=b", "+12025550123", "-5", "-1,250.00", "3", ""])
def test_harmless_cells_stay_as_they_are(cell):
    assert neutral(cell) == cell


def test_missing_values_are_empty():
    assert neutral(None) == ""


def test_long_files_come_in_pieces_and_begin_with_the_byte_order_mark():
    pieces = list(csv_lines(["n"], ([number] for number in range(450))))

    rows = list(csv.reader(io.StringIO("".join(pieces))))
    assert len(pieces) == 3
    assert pieces[0].startswith("\ufeff")
    assert len(rows) == 451
