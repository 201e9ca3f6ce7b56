import io
import random
import zipfile

import openpyxl
import pytest

from telesales.spreadsheet import neutral
from telesales.uploads import convert
from telesales.uploads.errors import Unreadable, UnreadableFileError
from telesales.uploads.opening import keep_file
from telesales.uploads.reading import count_records, plain, read_records

MEGABYTE = 1 << 20


def keep(folder, content, *, limit=MEGABYTE):
    if isinstance(content, str):
        content = content.encode()
    return keep_file(io.BytesIO(content), folder, limit=limit)


def rows_of(kept):
    return [cells for _number, cells in read_records(kept.path, kept.table)]


def workbook(rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    text = "\n".join(
        delimiter.join(row)
        for row in [["Name", "Phone"], ["Ann, Bo", "202-555-0123"], ["Cy", "202-555-0124"]]
    )

    kept = keep(tmp_path, text.replace("Ann, Bo", '"Ann, Bo"'))

    assert kept.table.columns == ("Name", "Phone")
    assert rows_of(kept)[0] == ["Ann, Bo", "202-555-0123"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "王小明"), ("utf-8-sig", "Zoë"), ("utf-16", "王小明"), ("utf-16-le", "Zoe"), ("utf-16-be", "Zoe"),
     ("utf-32", "李娜"), ("gb18030", "王小明"), ("gb18030", "欧阳娜娜"), ("cp1252", "Müller"), ("cp1252", "Jürgen Größe"),
     ("cp1252", "Señor Ibáñez"), ("cp1252", "O’Brien")],
)  # fmt: skip
def test_the_encoding_is_found(tmp_path, encoding, name):
    header = "姓名,电话" if encoding == "gb18030" else "Name,Phone"
    text = f"{header}\n" + f"{name},202-555-0123\n" * 20

    kept = keep(tmp_path, text.encode(encoding))

    assert rows_of(kept)[0] == [name, "202-555-0123"]


def test_foreign_letters_far_down_are_still_found(tmp_path):
    text = "Name,Phone\n" + "Ann,202-555-0123\n" * 10_000 + "Müller,202-555-0124\n"

    assert rows_of(keep(tmp_path, text.encode("cp1252")))[-1][0] == "Müller"
    assert rows_of(keep(tmp_path, text.encode()))[-1][0] == "Müller"


def test_one_broken_byte_does_not_spoil_the_others(tmp_path):
    text = ("Name,Phone\n" + "Müller,202-555-0123\n" * 50).encode() + b"Bj\xf6rn,202-555-0124\n"

    rows = rows_of(keep(tmp_path, text))

    assert rows[0][0] == "Müller"
    assert rows[-1][0] == "Bj\ufffdrn"


def test_quoted_newlines_stay_in_their_cell(tmp_path):
    kept = keep(
        tmp_path, 'Name,Address,Phone\nAnn,"1 Main St\r\nSuite 2","202-555-0123"\nBo,x,202-555-0124\n'
    )

    assert rows_of(kept) == [["Ann", "1 Main St\r\nSuite 2", "202-555-0123"], ["Bo", "x", "202-555-0124"]]


def test_mixed_line_ends_and_blank_lines(tmp_path):
    kept = keep(tmp_path, "Name,Phone\r\nAnn,1\rBo,2\n\n , \nCy,3")

    assert rows_of(kept) == [["Ann", "1"], ["Bo", "2"], ["Cy", "3"]]
    assert count_records(kept.path, kept.table) == 3


def test_row_numbers_are_those_of_the_spreadsheet(tmp_path):
    kept = keep(tmp_path, "Name,Phone\nAnn,1\n\nBo,2\n")

    assert [number for number, _cells in read_records(kept.path, kept.table)] == [2, 4]


def test_skip_leaves_out_rows_that_were_done(tmp_path):
    kept = keep(tmp_path, "Name,Phone\nAnn,1\n\nBo,2\nCy,3\n")

    assert [cells[0] for _number, cells in read_records(kept.path, kept.table, skip=2)] == ["Cy"]


def test_titles_above_the_header_are_skipped(tmp_path):
    kept = keep(tmp_path, "Leads of spring,,\n,,\nName,City,Phone\nAnn,Boston,1\nBo,Boston,2\n")

    assert kept.table.columns == ("Name", "City", "Phone")
    assert kept.table.header_row == 3
    assert len(rows_of(kept)) == 2


def test_a_file_without_a_header_keeps_its_first_row(tmp_path):
    kept = keep(tmp_path, "Ann,202-555-0123\nBo,202-555-0124\n")

    assert kept.table.columns == ("Column 1", "Column 2")
    assert len(rows_of(kept)) == 2


def test_the_delimiter_that_excel_writes_down_is_believed(tmp_path):
    kept = keep(tmp_path, "sep=;\nName;Phone\nAnn, Bo;1\n")

    assert (kept.table.delimiter, kept.table.columns) == (";", ("Name", "Phone"))
    assert rows_of(kept) == [["Ann, Bo", "1"]]


def test_repeated_and_empty_headings_get_labels_of_their_own(tmp_path):
    kept = keep(tmp_path, "Phone,Phone,,phone\n1,2,3,4\n")

    assert kept.table.columns == ("Phone", "Phone (2)", "Column 3", "phone")


def test_one_column_is_enough(tmp_path):
    kept = keep(tmp_path, "Phone\n202-555-0123\n")

    assert kept.table.columns == ("Phone",)


def test_nul_bytes_are_left_out(tmp_path):
    assert rows_of(keep(tmp_path, "Name,Phone\n" + "A\0nn,1\n" + "Bo,2\n" * 50))[0] == ["Ann", "1"]


def test_a_cell_beyond_all_bounds_spoils_its_own_row_only(tmp_path):
    kept = keep(tmp_path, "Name,Phone\n" + "x" * 200_000 + ",1\nBo,2\n")

    assert rows_of(kept) == [[], ["Bo", "2"]]


def test_a_quote_that_never_closes_ends(tmp_path):
    kept = keep(tmp_path, 'Name,Phone\n"Ann,1\n' + "Bo,2\n" * 50_000)

    rows = rows_of(kept)

    assert [] in rows
    assert rows[-1] == ["Bo", "2"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unreadable.EMPTY),
        (b" \r\n\t \n", Unreadable.EMPTY),
        (b"Name,Phone\n", Unreadable.HEADER_ONLY),
        (b"Name,Phone", Unreadable.HEADER_ONLY),
        (b",,,\n,,,\n", Unreadable.EMPTY),
        (b"%PDF-1.7 " + b"x" * 500, Unreadable.BINARY),
        (random.Random(1).randbytes(5_000), Unreadable.BINARY),
        (b"\x89PNG\r\n\x1a\n" + bytes(1_000), Unreadable.BINARY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000), Unreadable.OLD_EXCEL),
        (b"\xef\xbb\xbf", Unreadable.EMPTY),
        (b"\xff\xfe", Unreadable.EMPTY),
        (b"PK\x03\x04 and nothing more", Unreadable.BROKEN_WORKBOOK),
        (
            (",".join(f"c{n}" for n in range(5_000)) + "\n" + "," * 4_999 + "1\n").encode(),
            Unreadable.TOO_MANY_COLUMNS,
        ),
        (b"Phone\n" + b"1\n" * MEGABYTE, Unreadable.TOO_LARGE),
    ],
    ids=lambda value: value if isinstance(value, Unreadable) else "",
)
def test_files_that_cannot_be_taken_say_why_and_leave_nothing_behind(tmp_path, content, reason):
    with pytest.raises(UnreadableFileError) as error:
        keep(tmp_path, content)

    assert error.value.reason == reason
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_is_read_with_numbers_dates_and_results_of_formulas(tmp_path):
    day = convert.datetime(2026, 11, 20)
    kept = keep(
        tmp_path,
        workbook([["Name", "Phone", "Since", "Share", "VIP"], ["Ann", 12025550123, day, 0.25, True]]),
    )

    assert kept.table.kind == "xlsx"
    assert rows_of(kept) == [["Ann", "12025550123", "2026-11-20", "0.25", "TRUE"]]


def test_the_first_sheet_that_holds_something_is_read(tmp_path):
    kept = keep(tmp_path, workbook([], Leads=[["Phone"], ["202-555-0123"]], Notes=[["x"]]))

    assert (kept.table.sheet, kept.table.sheets) == ("Leads", 2)
    assert rows_of(kept) == [["202-555-0123"]]


def test_rows_of_a_workbook_keep_their_numbers(tmp_path):
    kept = keep(tmp_path, workbook([[], [], ["Name", "Phone"], ["Ann", "1"], [], ["Bo", "2"]]))

    assert [number for number, _cells in read_records(kept.path, kept.table)] == [4, 6]


def test_a_number_in_scientific_notation_is_a_whole_number():
    assert convert.as_text(1.2025550123e10) == "12025550123"


def test_a_workbook_that_inflates_beyond_measure_is_refused(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200 * MEGABYTE))

    with pytest.raises(UnreadableFileError) as error:
        keep(tmp_path, stream.getvalue())

    assert error.value.reason == Unreadable.INFLATES
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_claims_the_last_cell_does_not_take_the_server_down(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "Phone"
    book.active["XFD1048576"] = "bomb"
    stream = io.BytesIO()
    book.save(stream)

    with pytest.raises(UnreadableFileError) as error:
        keep(tmp_path, stream.getvalue())

    assert error.value.reason == Unreadable.BROKEN_WORKBOOK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1 202", "-x", "@x", "\tx", "\rx", " =1", "＝1", "+12025550123", "'tis", "x"]
)
def test_what_was_made_neutral_is_read_back_as_it_was(cell):
    assert plain(neutral(cell)) == cell
