"""Workbooks that say more than their cells do: errors of formulas, cells far away, parts that unpack to more than there is room for."""

import csv
import io
import re
import zipfile

import pytest
import xlsxwriter
from tests.formats.tables.small_council import GOOD, only

from almoner.formats.tables import read_folder, workbook_parts
from almoner.formats.tables.sources import UnreadableFolder


def workbook(path, change=lambda sheet: None):
    """The good council as a workbook, after a change to the sheet of actuals."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, text in GOOD.items():
            sheet = book.add_worksheet(name)
            for at, record in enumerate(csv.reader(io.StringIO(text))):
                sheet.write_row(at, 0, record)
        change(book.get_worksheet_by_name("actuals"))
    return path


def repacked(path, part, change):
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, change(data) if name == part else data)
    return path


@pytest.mark.parametrize(
    ("row", "column", "said", "code"),
    [(1, 3, "#DIV/0!", "wrong_number"), (2, 6, "#REF!", "wrong_instant"), (3, 0, "#N/A", "unknown_line"), (2, 2, "#VALUE!", "wrong_time")],
)
def test_a_formula_that_came_to_an_error_is_not_blank(tmp_path, row, column, said, code):
    found = read_folder(workbook(tmp_path / "a.xlsx", lambda sheet: sheet.write_formula(row, column, "=1/0", None, said)))
    finding = only(found)
    assert (finding.code, finding.row, finding.value) == (code, row + 1, said)


@pytest.mark.parametrize("far", ["XFD1048576", "CZ999999", "ZZZZZZ99999999999"])
@pytest.mark.parametrize("claimed", ["A1:G4", None])
def test_a_cell_far_away_that_the_sheet_does_not_own_up_to_fills_no_memory(tmp_path, far, claimed):
    def change(data):
        dimension = f'<dimension ref="{claimed}"/>'.encode() if claimed else b""
        row = f'<row r="1048576"><c r="{far}"><v>1</v></c></row></sheetData>'.encode()
        return re.sub(rb"<dimension[^>]*>", dimension, data).replace(b"</sheetData>", row)

    path = repacked(workbook(tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", change)
    with pytest.raises(UnreadableFolder, match="delete the empty area"):
        read_folder(path)


def test_a_workbook_that_unpacks_to_more_than_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "MOST_UNPACKED", 1 << 20)
    path = repacked(workbook(tmp_path / "a.xlsx"), "xl/sharedStrings.xml", lambda data: data + b" " * (1 << 20))
    with pytest.raises(UnreadableFolder, match="unpacks to more"):
        read_folder(path)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("change", [lambda data: b"", lambda data: data[: len(data) // 2]])
def test_a_workbook_whose_contents_list_is_damaged(tmp_path, part, change):
    with pytest.raises(UnreadableFolder, match="not a workbook that can be read"):
        read_folder(repacked(workbook(tmp_path / "a.xlsx"), part, change))


def test_pieces_of_a_sheet_are_looked_through_like_the_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "PIECE", 64)
    path = workbook(tmp_path / "a.xlsx", lambda sheet: [sheet.write_formula(row, 3, "=1/0", None, "#N/A") for row in (1, 2, 3)])
    assert workbook_parts.look_through(path)["actuals"] == {(1, 3): "#N/A", (2, 3): "#N/A", (3, 3): "#N/A"}
