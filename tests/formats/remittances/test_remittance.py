"""Remittance advice: grouped, explained, adding up; the same bytes always; whatever people are called."""

from __future__ import annotations

import csv
import hashlib
import io
import multiprocessing
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import python_calamine
import typst
from tests.formats.remittances.remittance_examples import BEFORE, FIRST, LINES, MISSED, REMITTANCE, SECOND, line

from almoner.formats.remittances import pdf
from almoner.formats.remittances.bulk import write_remittance, write_remittances
from almoner.formats.remittances.pdf import write_remittance_pdf
from almoner.formats.remittances.remittance import RemittanceDoesNotAddUp
from almoner.formats.remittances.tables import COLUMNS, write_remittance_csv, write_remittance_xlsx
from almoner.formats.typeset_letters import SHOWN, SHOWN_BESIDE, known_letters

HERE = Path(__file__).parent


def named(name: str):
    return replace(REMITTANCE, provider_name=name, lines=tuple(replace(each, person_name=name, why=name) for each in LINES))


def records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_lines_are_grouped_by_person_then_line_then_week_with_adjustments_under_their_week():
    read = [(person, [(each.week, each.kind) for each in lines]) for _, person, lines in REMITTANCE.by_person()]
    assert read == [
        ("1000000026", [(FIRST, "regular")]),
        ("1000000018", [(BEFORE, "adjustment"), (FIRST, "regular"), (FIRST, "adjustment"), (SECOND, "regular")]),
    ]


def test_people_stand_in_the_order_of_the_alphabet_whatever_their_accents():
    people = ("Zoë Young", "Ábbott, Ada", "abbot, Bill", "Émile Dupont", "Eve Evans")
    mixed = replace(REMITTANCE, lines=tuple(line(person=str(n), name=name) for n, name in enumerate(people)))
    assert [name for name, _, _ in mixed.by_person()] == ["abbot, Bill", "Ábbott, Ada", "Émile Dupont", "Eve Evans", "Zoë Young"]


def test_two_people_of_one_name_are_kept_apart():
    twins = replace(REMITTANCE, lines=(line(person="2"), line(person="1"), line(person="2", week=SECOND)))
    assert [(person, len(lines)) for _, person, lines in twins.by_person()] == [("1", 1), ("2", 2)]


def test_what_does_not_add_up_is_never_sent():
    for wrong in (
        replace(REMITTANCE, paid_pence=REMITTANCE.paid_pence + 1),
        replace(REMITTANCE, lines=LINES[1:]),
        replace(REMITTANCE, lines=(line(pence=-100),), carried_in_pence=0, paid_pence=-100),
    ):
        for write in (write_remittance_pdf, write_remittance_csv, write_remittance_xlsx):
            with pytest.raises(RemittanceDoesNotAddUp) as refused:
                write(wrong)
            assert refused.value.code == "REMITTANCE-DOES-NOT-ADD-UP"


def test_a_provider_in_debit_is_told_what_is_carried():
    debit = replace(
        REMITTANCE, lines=(line(pence=-1_062_857, kind="adjustment", why=MISSED),), carried_in_pence=0, carried_out_pence=-1_062_857
    )
    debit = replace(debit, paid_pence=0)
    words = pdf._spelled(debit)
    assert words["paid"] == ["Nothing is paid this time", "£0.00"]
    assert words["note"] == "£10,628.57 is owed to the council and will be taken from the next payment."
    assert words["summary"] == [
        ["Care in this period", "0.00"],
        ["Adjustments to weeks paid before", "−10,628.57"],
        ["Carried forward to the next payment", "10,628.57"],
    ]
    assert [record["amount"] for record in records(write_remittance_csv(debit))] == ["-10628.57", "10628.57"]
    assert write_remittance_pdf(debit).startswith(b"%PDF")


def test_the_words_on_the_page():
    words = pdf._spelled(REMITTANCE)
    assert words["summary"] == [
        ["Brought forward, owed to the council", "−50.00"],
        ["Care in this period", "305.06"],
        ["Adjustments to weeks paid before", "−16.81"],
    ]
    assert words["paid"] == ["Paid on 20 May 2026", "£238.25"]
    assert words["note"] == ""
    assert [person["title"] for person in words["people"]] == ["Ada Ábbott (1000000026)", "Bernard Okonkwo (1000000018)"]
    (weeks,) = words["people"][1]["lines"]
    assert weeks["title"] == "Home care · line L2"
    assert [(row["week"], row["adjusted"], row["amount"]) for row in weeks["rows"]] == [
        ("09 Mar 2026", True, "−22.13"),
        ("06 Apr 2026", False, "147.53"),
        ("06 Apr 2026", True, "5.32"),
        ("13 Apr 2026", False, "147.53"),
    ]
    assert weeks["rows"][0]["why"] == MISSED
    assert words["people"][1]["total"] == "278.25"


def test_the_pdf_is_tagged_titled_in_english_and_dated_by_its_pay_date():
    content = write_remittance_pdf(REMITTANCE)
    assert b"/StructTreeRoot" in content
    assert b"/Marked true" in content
    assert b"/Lang(en-GB)" in content
    assert b"/DisplayDocTitle true" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b">Remittance advice CARE0000000042</rdf:li>" in content
    assert b"/CreationDate(D:20260520000000Z)" in content
    assert content.count(b"/S/Table") == 2  # one for each person, with headings of columns and of lines
    assert content.count(b"/S/TH") == 2 * (4 + 1) + 2 * 1  # THead is counted too


def test_where_it_came_from_stands_small_at_the_foot_and_nowhere_else():
    origin = "To prove that this advice is ours: payment run R-0001, seal afa2bccd15f43d45."
    words = pdf._spelled(replace(REMITTANCE, run="R-0001", seal="afa2bccd15f43d45"))
    assert words["origin"] == origin
    assert origin not in str(words["facts"])
    assert ["Questions to", "payments@example.gov.uk"] in words["facts"]
    template = pdf._template().decode()
    assert template.count("data.origin") == template[: template.index("#set text(font")].count("data.origin") == 2, "only in the footer"


def pages(content: bytes) -> int:
    return int(re.search(rb"/Type/Pages/Count ([0-9]+)", content)[1])


def test_a_long_remittance_runs_over_pages():
    many = tuple(line(person=f"{n:010}", name=f"Person {n}", pence=100) for n in range(40))
    long = replace(REMITTANCE, lines=many, carried_in_pence=0, paid_pence=4_000)
    assert pages(write_remittance_pdf(long)) > pages(write_remittance_pdf(REMITTANCE)) == 1


def test_a_remittance_of_a_balance_alone():
    empty = replace(REMITTANCE, lines=(), carried_in_pence=500, paid_pence=500)
    assert pdf._spelled(empty)["people"] == []
    assert write_remittance_pdf(empty).startswith(b"%PDF")
    assert [record["kind"] for record in records(write_remittance_csv(empty))] == ["brought forward"]


def test_a_line_for_nobody_has_a_heading_all_the_same():
    nobody = replace(REMITTANCE, lines=(line(person="", name="", pence=28_825),))
    assert pdf._spelled(nobody)["people"][0]["title"] == "Not for one person"
    assert write_remittance_pdf(nobody).startswith(b"%PDF")


@pytest.mark.parametrize(
    "name",
    [
        "#panic()",
        '*bold* _x_ $x^2$ `code` \\ " @ref <label> // /* [',
        "\x00\x07\x1b[31m",
        "中文",
        "Łódź 😀 é",
        "مرحبا",
        "\ud800",
        "a\u202eb",
        "ﬁ ½ Å",
        "=1+1",
    ],
)
def test_whatever_a_name_holds_the_three_files_are_made(name):
    made = write_remittance(named(name))
    assert made.pdf.startswith(b"%PDF")
    assert len(records(made.csv)) == len(LINES) + 1
    assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made.xlsx)).sheet_names == ["Remittance"]


def test_letters_no_font_has_become_plain_ones_or_a_square():
    assert known_letters("Łódź 中 ﬀ Ǆ Ḱ") == "Łódź □ ff DZ K"
    assert pdf._without_controls("a\x00b\u00adc\u202ed\ud800") == "a bcd "


def test_every_letter_said_to_be_shown_is_shown():
    letters = "".join(chr(code) for span in SHOWN for code in span) + "".join(sorted(SHOWN_BESIDE))
    letters = "".join(letter for letter in letters if pdf._without_controls(letter) == letter)
    words = pdf._spelled(replace(REMITTANCE, provider_name=letters))
    assert pdf._typeset(REMITTANCE, words).startswith(b"%PDF")
    with pytest.raises(typst.TypstError, match=pdf.CANNOT_SHOW):
        pdf._typeset(REMITTANCE, pdf._spelled(replace(REMITTANCE, provider_name="中")))


def test_the_csv_adds_up_to_what_is_paid():
    rows = records(write_remittance_csv(REMITTANCE))
    assert tuple(rows[0]) == COLUMNS
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == REMITTANCE.paid_pence
    assert [row["kind"] for row in rows] == ["brought forward", "regular", "adjustment", "regular", "adjustment", "regular"]
    assert rows[2]["why"] == MISSED
    assert {row["week"] for row in rows} == {"", "2026-03-09", "2026-04-06", "2026-04-13"}


def test_every_row_for_a_computer_says_the_run_and_its_seal_last():
    sealed = replace(REMITTANCE, run="R-0001", seal="afa2bccd15f43d45")
    assert COLUMNS[-3:] == ("why", "run", "seal")
    for row in records(write_remittance_csv(sealed)):
        assert (row["run"], row["seal"]) == ("R-0001", "afa2bccd15f43d45")
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write_remittance_xlsx(sealed))).get_sheet_by_index(0)
    assert {tuple(row[-2:]) for row in sheet.to_python()[1:]} == {("R-0001", "afa2bccd15f43d45")}


def test_text_that_begins_like_a_formula_stays_text():
    evil = named('=HYPERLINK("http://x")')
    assert records(write_remittance_csv(evil))[1]["person"] == '\'=HYPERLINK("http://x")'
    with zipfile.ZipFile(io.BytesIO(write_remittance_xlsx(evil))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        texts = book.read("xl/sharedStrings.xml").decode()
    assert b"<f>" not in sheet
    assert "<t>=HYPERLINK(" in texts


def test_the_workbook_holds_amounts_as_numbers_to_the_penny():
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write_remittance_xlsx(REMITTANCE))).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    assert tuple(header) == COLUMNS
    amounts = [row[COLUMNS.index("amount")] for row in rows]
    assert amounts == [-50, 10, -22.13, 147.53, 5.32, 147.53]


def test_a_reason_longer_than_a_cell_is_cut_in_the_workbook_alone():
    endless = replace(REMITTANCE, lines=(replace(line(pence=28_825), why="x" * 40_000),))
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write_remittance_xlsx(endless))).get_sheet_by_index(0)
    assert [len(row[COLUMNS.index("why")]) for row in sheet.to_python()[2:]] == [32_767]
    assert len(records(write_remittance_csv(endless))[1]["why"]) == 40_000


def test_the_workbook_holds_no_moment_of_making():
    with zipfile.ZipFile(io.BytesIO(write_remittance_xlsx(REMITTANCE))) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-05-20T00:00:00Z" in book.read("docProps/core.xml")


def test_another_process_in_another_time_zone_writes_the_same_bytes():
    program = """
import hashlib
from tests.formats.remittances.remittance_examples import REMITTANCE
from almoner.formats.remittances.bulk import write_remittance
made = write_remittance(REMITTANCE)
print(*(hashlib.sha256(content).hexdigest() for content in (made.pdf, made.csv, made.xlsx)))
"""
    source = str(HERE.parents[2] / "src")
    places = [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"},
    ]
    told = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env=os.environ | place | {"PYTHONPATH": f"{HERE}:{source}"}
        ).stdout
        for place in places
    ]
    made = write_remittance(REMITTANCE)
    here = [hashlib.sha256(content).hexdigest() for content in (made.pdf, made.csv, made.xlsx)]
    assert told[0].decode().split() == told[1].decode().split() == here


def test_all_remittances_of_a_run_in_order_with_progress_on_one_core_or_two():
    run = [replace(REMITTANCE, provider_id=f"V{n}", reference=f"CARE{n:010}") for n in range(20)]
    seen: list[tuple[int, int]] = []
    alone = list(write_remittances(run, processes=1, progress=lambda done, all_: seen.append((done, all_))))
    assert seen == [(n, 20) for n in range(1, 21)]
    assert [files.provider_id for files in alone] == [f"V{n}" for n in range(20)]
    assert list(write_remittances(run, processes=2)) == alone
    assert list(write_remittances([])) == []


def test_a_refusal_in_another_process_arrives_whole():
    run = [replace(REMITTANCE, paid_pence=1)] * 2
    with pytest.raises(RemittanceDoesNotAddUp) as refused:
        list(write_remittances(run, processes=2))
    assert refused.value.remedy == "Stop the issue and verify the run."


def test_no_process_outlives_a_writing_that_is_given_up():
    run = [replace(REMITTANCE, provider_id=f"V{n}") for n in range(400)]
    writing = write_remittances(run, processes=2)
    assert next(writing).provider_id == "V0"
    assert multiprocessing.active_children()
    writing.close()
    assert multiprocessing.active_children() == []
