"""A provider's week in a browser, by each of the three ways: what it would pay is seen first, submitted, and then paid."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from tests.web.paying import run_through
from tests.web.test_actuals import ADA, LINE
from tests.web.test_actuals_files import FILES, as_csv, rows_of_week, told
from tests.web.vale import WEEK

WHOLE_WEEK = "£387.45"
"""945 minutes at £24.60 an hour."""


def paid_for_the_week() -> int:
    from almoner.office.runs.queries import receipts_of

    rows = receipts_of(run_through()).to_pylist()
    return sum(row["amount_pence"] for row in rows if row["line_id"] == LINE and row["week"] == WEEK and row["book"] == "payments")


def filled_in(content: bytes) -> bytes:
    """The workbook with the rows of one line left in it, saved again as a spreadsheet program would."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("actuals").to_python()
    saved = io.BytesIO()
    book = xlsxwriter.Workbook(saved, {"in_memory": True})
    sheet = book.add_worksheet("actuals")
    for number, row in enumerate([rows[0], *(row for row in rows[1:] if row[0] == LINE)]):
        sheet.write_row(number, 0, [cell if isinstance(cell, int | float | str) else str(cell) for cell in row])
    book.close()
    return saved.getvalue()


def acknowledged(page) -> None:
    assert page.locator("h1").inner_text() == "Actuals submitted" and "S-000001" in page.inner_text("main")
    assert WHOLE_WEEK in page.inner_text("main") and told() == 28


def test_on_the_screen_from_home_to_the_payment(browse):
    page = browse("provider_user")
    page.click("a[role=button]:has-text('Submit actuals')")
    page.click(f"a[href='/portal/actuals/{WEEK}/{ADA}']:has-text('1 to 7 June')")
    page.click("text=Mark the whole week as planned")
    assert WHOLE_WEEK in page.inner_text("#totals")
    page.click("button:has-text('Save and check')")
    assert f"Will pay\n{WHOLE_WEEK}" in page.inner_text("main").replace("\t", "\n")
    page.click("button:has-text('Submit 1 week')")
    acknowledged(page)
    page.click("nav >> text=Payments")
    page.click("a:has-text('See what is in it')")
    assert page.locator(f"a:has-text('{WHOLE_WEEK}')").count() == 2, "this week and the one before it"
    assert paid_for_the_week() == 38745


def test_by_a_workbook_downloaded_filled_in_and_sent_back(browse, tmp_path):
    page = browse("provider_user")
    page.goto(FILES)
    with page.expect_download() as caught:
        page.click("button:has-text('Download workbook')")
    file = tmp_path / "week.xlsx"
    file.write_bytes(filled_in(caught.value.path().read_bytes()))
    page.set_input_files("input[type=file]", str(file))
    page.click("button:has-text('Upload and check')")
    assert "have not submitted it" in page.inner_text("body")
    page.click("button:has-text('Submit 28 rows')")
    acknowledged(page)
    assert paid_for_the_week() == 38745


def test_by_a_file_of_ones_own_with_a_row_that_becomes_an_extra_visit(browse, tmp_path):
    file = tmp_path / "rota.csv"
    file.write_bytes(
        as_csv([*rows_of_week(), {"line_id": "LN-999120", "date": "2026-06-03", "start_time": "14:30", "delivered_minutes": 20}])
    )
    page = browse("provider_user")
    page.goto(FILES)
    page.set_input_files("input[type=file]", str(file))
    page.click("button:has-text('Upload and check')")
    assert "There is no line LN-999120" in page.inner_text("main")
    page.click("button:has-text('Submit 28 rows')")
    acknowledged(page)
    page.goto(f"{FILES}/1")
    page.click("text=Add as an extra visit")
    page.select_option("#line", LINE)
    page.click("button:has-text('Add as an extra visit')")
    assert page.input_value(f"[id='{LINE}.extra.start']") == "14:30" and page.input_value(f"[id='{LINE}.extra.minutes']") == "20"
    page.fill(f"[id='{LINE}.extra.comment']", "a fall")
    page.click("button:has-text('Add the visit')")
    page.click("button:has-text('Save and check')")
    page.click("button:has-text('Submit 1 week')")
    assert "S-000002" in page.inner_text("main") and told() == 29
    # 965 minutes at £24.60 an hour are £395.65.
    assert paid_for_the_week() == 39565


@pytest.mark.parametrize("width", [360])
def test_on_a_telephone_a_week_as_planned(browse, width):
    page = browse("provider_user", width=width)
    page.goto(f"/portal/actuals/{WEEK}/{ADA}")
    page.click("text=Mark the whole week as planned")
    page.click("button:has-text('Save and check')")
    page.click("button:has-text('Submit 1 week')")
    acknowledged(page)
