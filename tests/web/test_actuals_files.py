"""A provider's week by workbook and by file: looked at first, submitted once, and said in red on every page until it is."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, time, timedelta

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.test_actuals import ADA, LINE, words
from tests.web.vale import NOW, WEEK

from almoner.core.tables import ACTUALS

FILES = "/portal/actuals/files"
VISITS = ((8, 0, 45), (12, 30, 30), (17, 0, 30), (21, 0, 30))


def rows_of_week(line: str = LINE, week: date = WEEK, **more) -> list[dict]:
    return [
        {"line_id": line, "date": str(week + timedelta(days=n)), "start_time": f"{h:02}:{m:02}", "delivered_minutes": minutes, **more}
        for n in range(7)
        for h, m, minutes in VISITS
    ]  # fmt: skip


def as_csv(rows: list[dict], *, encoding: str = "utf-8") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def upload(client, content: bytes, name: str = "rota.csv", **more):
    return client.post(FILES, {"file": SimpleUploadedFile(name, content)}, **more)


def told(line: str = LINE) -> int:
    from almoner.office.records.queries import table_known

    return table_known("actuals", lines=[line], from_date=WEEK).num_rows


def test_a_file_is_looked_at_then_submitted_once_and_recognised_by_its_content(signed_in):
    from almoner.office.runs.preview import preview_person

    client = signed_in("provider_user")
    content = as_csv(rows_of_week())
    where = upload(client, content).headers["Location"]
    seen = words(client.get(where))
    assert "Read 28 New 28 Updated 0 Unchanged 0 Rejected 0 Will pay £387.45" in seen and "Submit 28 rows" in seen and told() == 0
    sent = [client.post(where).headers["Location"] for _ in range(2)]
    assert sent == ["/portal/submissions/S-000001"] * 2 and told() == 28
    again = words(upload(client, content, "another-name.csv"))
    assert "You already submitted this file" in again and "S-000001" in again
    assert client.get("/portal/submissions/S-000001/file").content == content
    posted = preview_person(ADA, from_week=WEEK, through=date(2026, 6, 7), at=NOW).receipts.to_pylist()
    assert [row["amount_pence"] for row in posted] == [38745]


def test_what_waits_is_said_in_red_on_every_page_until_it_is_submitted_or_discarded(signed_in):
    client = signed_in("provider_user")
    where = upload(client, as_csv(rows_of_week())).headers["Location"]
    said = "You uploaded rota.csv but have not submitted it. 1 week worth £387.45 will not be paid until you do."
    by_when = "Submit by 6pm on Tuesday 9 June 2026 to be paid on Tuesday 16 June 2026"
    for page in ("/portal", "/portal/actuals", FILES, "/portal/submissions", where):
        assert f"{said} {by_when}" in words(client.get(page)), page
    assert "Uploaded, not submitted" in words(client.get("/portal/actuals"))
    assert "You uploaded" not in words(signed_in("other_provider").get("/portal/actuals"))
    client.post(f"{where}/discard")
    assert "but have not submitted it" not in words(client.get("/portal/actuals")) and told() == 0


def test_the_same_file_uploaded_twice_opens_the_one_that_waits(signed_in):
    client = signed_in("provider_user")
    assert len({upload(client, as_csv(rows_of_week())).headers["Location"] for _ in range(2)}) == 1


def test_each_row_that_is_left_out_says_why_and_comes_back_to_be_mended(signed_in):
    client = signed_in("provider_user")
    good = rows_of_week()
    bad = [
        {**good[0], "line_id": "LN-999120"},
        {**good[0], "line_id": "LN-300001"},
        {**good[0], "delivered_minutes": "forty"},
        {**good[0], "date": "2026-06-20"},
        {**good[0], "date": "31/02/2026"},
    ]
    where = upload(client, as_csv([*bad, *good])).headers["Location"]
    seen = words(client.get(where))
    assert "Rejected 5" in seen and "New 28" in seen
    assert "There is no line LN-999120 for your organisation" in seen and "There is no line LN-300001 for your organisation" in seen
    assert "“forty” is not a whole number" in seen and "This visit is dated after today" in seen and "“31/02/2026” is not a date" in seen
    back = list(csv.reader(io.StringIO(client.get(f"{where}/rejected").content.decode("utf-8-sig"))))
    assert len(back) == 6 and back[0][-2:] == ["why", "what to do"] and [row[0] for row in back[1:3]] == ["LN-999120", "LN-300001"]


def test_only_rows_that_changed_are_written_and_the_others_stay(signed_in, monkeypatch):
    client = signed_in("provider_user")
    client.post(upload(client, as_csv(rows_of_week())).headers["Location"])
    monkeypatch.setenv("ALMONER_CLOCK", "2026-06-08T10:00:00+00:00")
    rows = rows_of_week()
    rows[3] |= {"delivered_minutes": 25, "comment": "shorter"}
    where = upload(client, as_csv(rows)).headers["Location"]
    seen = words(client.get(where))
    assert "New 0 Updated 1 Unchanged 27" in seen and "delivered, 30 minutes" in seen and "delivered, 25 minutes, shorter" in seen
    assert "27 rows are the same as before and stay as they are" in seen and "Submit 1 row" in seen
    assert client.post(where).status_code == 302 and told() == 29 - 1


def test_nothing_good_has_no_button(signed_in):
    client = signed_in("provider_user")
    where = upload(client, as_csv([{**rows_of_week()[0], "line_id": "LN-X"}])).headers["Location"]
    seen = words(client.get(where))
    assert "Nothing in this file can be submitted. Mend the rows below" in seen and "By submitting" not in seen
    assert client.post(where).status_code == 409


def test_over_tolerance_is_said_with_the_week_before_it_is_submitted(signed_in):
    client = signed_in("provider_user")
    where = upload(
        client, as_csv([*rows_of_week(comment="fall"), {**rows_of_week()[0], "start_time": "14:00", "delivered_minutes": 200}])
    ).headers["Location"]
    seen = words(client.get(where))
    assert "Held £469.45" in seen and "Planned Claimed Difference Will pay Held, and why" in seen
    assert "15h 45m 19h 05m 3 hours 20 minutes more, 21.2% £0.00 £469.45" in seen and "Over or under tolerance" in seen


def test_the_workbook_reads_back_exactly(signed_in):
    client = signed_in("provider_user")
    book = client.get(f"{FILES}/workbook?first=2026-06-01&weeks=1").content
    where = upload(client, book, "week.xlsx").headers["Location"]
    seen = words(client.get(where))
    assert "Rejected 0" in seen and "Workbook, uploaded" in seen
    assert "New 42" in seen and "Unchanged 16" in seen  # four lines on actuals, the week of one submitted before
    client.post(where)
    again = client.get(f"{FILES}/workbook?first=2026-06-01&weeks=1").content
    assert again == book, "the same rows are the same bytes"
    assert "You already submitted this file" in words(upload(client, again, "again.xlsx"))
    where = upload(client, remarked(again), "again.xlsx").headers["Location"]
    assert "New 0 Updated 0 Unchanged 58 Rejected 0" in words(client.get(where))


def remarked(book: bytes) -> bytes:
    """The same workbook in other bytes."""
    changed = io.BytesIO(book)
    with zipfile.ZipFile(changed, "a") as archive:
        archive.comment = b"looked at"
    return changed.getvalue()


def delivery(**more) -> dict:
    row = {
        "FileReference": "F1", "Description": "June", "Created": "2026-06-08T08:00:00", "ProviderRef": "4001", "ContractNumber": "HC-EXACT",
        "ServiceUserRef": ADA, "ServiceUserDetails": "A Okafor", "WeekEnding": "07/06/2026", "OurRef": "", "ServiceUserContribution": "0",
        "PaymentClaimed": "", "ServiceType": "HOME CARE", "VisitDate": "01/06/2026", "StartTimeClaimed": "08:00:00",
        "DurationClaimed": "00:45:00", "ActualStartTime": "08:03:00", "ActualDuration": "00:44:40", "SecondaryVisit": "False",
        "NumberOfCarers": "", "Spare1": "", "Spare2": "", "Spare3": "", "Spare4": "", "Spare5": "",
    }  # fmt: skip
    return {**row, **more}


def test_the_service_delivery_file_finds_the_line_by_contract_and_person(signed_in):
    from almoner.office.records.queries import table_known

    client = signed_in("provider_user")
    rows = [
        delivery(),
        delivery(StartTimeClaimed="12:30:00", DurationClaimed="00:30:00", ActualDuration="00:30:00"),
        delivery(StartTimeClaimed="12:30:00", DurationClaimed="00:30:00", ActualDuration="00:30:00", SecondaryVisit="True"),
        delivery(ContractNumber="HC-NONE"),
    ]
    where = upload(client, as_csv(rows)).headers["Location"]
    seen = words(client.get(where))
    assert (
        "Read 3 New 2 Updated 0 Unchanged 0 Rejected 1" in seen and "There is no line for person 4000217735 under contract HC-NONE" in seen
    )
    client.post(where)
    kept = {row["start_time"]: row for row in table_known("actuals", lines=[LINE], from_date=WEEK).to_pylist()}
    assert (kept[time(8)]["delivered_minutes"], kept[time(8)]["actual_start_time"], kept[time(12, 30)]["carers"]) == (45, time(8, 3), 2)


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(210):
                sheet.write(b" " * (1 << 20))
    return content.getvalue()


def far_cell() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("actuals")
    sheet.write_row(0, 0, ["line_id", "date", "delivered_minutes"])
    sheet.write_string(1_000_000, 16_000, "far")
    book.close()
    return content.getvalue()


UNREADABLE = (
    ("rota.pdf", lambda: b"%PDF-1.7 rota", "rota.pdf is not a workbook or CSV. Save it as XLSX or CSV and upload it again."),
    ("rota.csv", lambda: b"a,b\0c\n1,2\n", "rota.csv is not a workbook or CSV"),
    ("rota.csv", lambda: b"name,when\nA,B\n", "rota.csv has neither our columns"),
    ("empty.csv", lambda: b"", "has no heading in its first row"),
    ("big.csv", lambda: b"line_id,date\n" + b"x" * (12 << 20), "big.csv is 13 MB. The most is 10 MB. Split it by week."),
    ("bomb.xlsx", bomb, "bomb.xlsx unpacks to more than we accept, so it was not opened."),
    ("far.xlsx", far_cell, "far.xlsx unpacks to more than we accept"),
    ("rota.zip", lambda: b"PK\x03\x04 broken", "rota.zip is not a workbook or CSV"),
    ("long.csv", lambda: b"line_id,date\n" + b"L,2026-06-01\n" * 100_001, "long.csv has more than 100,000 rows. Split it by week."),
)


def test_what_cannot_be_read_says_what_to_do(signed_in):
    client = signed_in("provider_user")
    for name, content, said in UNREADABLE:
        answer = upload(client, content(), name)
        assert answer.status_code == 422 and said in words(answer), name
    assert "You uploaded" not in words(client.get(FILES))


def test_formulas_are_not_read_and_say_so_at_their_row(signed_in):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("rota")
    sheet.write_row(0, 0, ["line_id", "date", "start_time", "delivered_minutes"])
    sheet.write_row(1, 0, [LINE, "2026-06-01", "08:00", 45])
    sheet.write_row(2, 0, [LINE, "2026-06-02", "08:00"])
    sheet.write_formula(2, 3, "=40+5", None, 45)
    book.close()
    client = signed_in("provider_user")
    seen = words(client.get(upload(client, content.getvalue(), "rota.xlsm").headers["Location"]))
    assert "New 1" in seen and "Rejected 1" in seen and "The cell holds a formula, and formulas are not read" in seen


def test_another_encoding_and_semicolons_are_read_and_said(signed_in):
    rows = [{**rows_of_week()[0], "comment": "chez René, 30 £"}]
    content = as_csv(rows).decode().replace(",", ";").replace("René; 30", "René, 30").replace('"', "").encode("cp1252")
    client = signed_in("provider_user")
    where = upload(client, content).headers["Location"]
    seen = words(client.get(where))
    assert "New 1" in seen and "The file is not in UTF-8; it was read as Windows-1252" in seen


def test_another_organisations_upload_does_not_exist(signed_in):
    where = upload(signed_in("provider_user"), as_csv(rows_of_week())).headers["Location"]
    other = signed_in("other_provider")
    assert [other.get(f"{where}{more}").status_code for more in ("", "/rejected")] == [404, 404]
    assert other.post(where).status_code == 404 and other.post(f"{where}/discard").status_code == 404 and told() == 0
    assert signed_in("limited").get(where).status_code == 404


def test_a_limited_access_reports_on_its_own_lines_only(signed_in):
    client = signed_in("limited")
    where = upload(client, as_csv(rows_of_week())).headers["Location"]
    assert "Rejected 28" in words(client.get(where)) and client.post(where).status_code == 409 and told() == 0


def test_a_file_by_hand_in_a_browser_without_scripts(browse, tmp_path):
    file = tmp_path / "rota.csv"
    file.write_bytes(as_csv(rows_of_week()))
    page = browse("provider_user", scripts=False)
    page.goto(FILES)
    page.set_input_files("input[type=file]", str(file))
    page.click("button:has-text('Upload and check')")
    assert "£387.45" in page.inner_text("main")
    page.click("button:has-text('Submit 28 rows')")
    assert page.locator("h1").inner_text() == "Actuals submitted" and told() == 28


def test_the_columns_that_are_read_are_those_of_the_table(signed_in):
    seen = words(signed_in("provider_user").get(FILES))
    assert all(column.name in seen for column in ACTUALS.columns if column.name != "submitted_at")


def test_macros_are_left_alone_and_what_is_in_the_cells_is_read(signed_in):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("actuals")
    sheet.write_row(0, 0, ["line_id", "date", "start_time", "delivered_minutes"])
    sheet.write_row(1, 0, [LINE, "2026-06-01", "08:00", 45])
    book.close()
    with zipfile.ZipFile(content, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"Attribute VB_Name = Evil" * 100)
    client = signed_in("provider_user")
    seen = words(client.get(upload(client, content.getvalue(), "rota.xlsm").headers["Location"]))
    assert "New 1" in seen and "Rejected 0" in seen


def test_several_files_are_each_previewed_on_their_own(signed_in):
    client = signed_in("provider_user")
    files = [
        SimpleUploadedFile("one.csv", as_csv(rows_of_week())),
        SimpleUploadedFile("two.csv", as_csv(rows_of_week("LN-204710"))),
        SimpleUploadedFile("rota.pdf", b"%PDF-1.7 rota"),
    ]
    answer = client.post(FILES, {"file": files})
    seen = words(answer)
    assert answer.status_code == 422 and "See what one.csv would do" in seen and "See what two.csv would do" in seen
    assert "rota.pdf is not a workbook or CSV" in seen
    assert "£387.45" in words(client.get(f"{FILES}/1")) and "LN-204710" in words(client.get(f"{FILES}/2")) and told() == 0
