"""Files that are not what their name says, or are broken in their structure."""

import gzip

import pytest
from tests.formats.tables.small_council import GOOD, ids, only, spoilt, written

from almoner.core.findings import Severity
from almoner.formats.tables import read_folder, write_folder


def absences(found):
    return [f for f in found.findings if f.table == "absences"]


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "a workbook"),
        (bytes(range(256)) * 20, "a binary file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (gzip.compress(GOOD["absences"].encode(), mtime=0), "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Excel"),
        (b"PAR1\x15\x04\x15", "a Parquet file"),
        (b"<!doctype html><html>", "a web page"),
        (GOOD["absences"].encode("utf-16"), "UTF-16"),
        (GOOD["absences"].encode("utf-16-le"), "UTF-16"),
    ],
)
def test_a_file_that_is_no_csv_is_named_and_the_rest_read(tmp_path, content, looks):
    found = read_folder(written(tmp_path, absences=content))
    finding = only(found)
    assert (finding.code, finding.table, finding.row, finding.severity) == ("not_csv", "absences", 0, Severity.ERROR)
    assert looks in finding.message and "absences.csv" in finding.message
    assert found.tables["absences"].num_rows == 0 and found.tables["actuals"].num_rows == 3


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \r\n"])
def test_an_empty_file(tmp_path, content):
    finding = only(read_folder(written(tmp_path, absences=content)))
    assert (finding.code, finding.table) == ("empty_file", "absences")


def test_a_required_table_with_no_rows(tmp_path):
    absent = dict.fromkeys(name for name in GOOD if name not in ("people", "providers", "contracts"))
    found = read_folder(written(tmp_path, **{**absent, "lines": GOOD["lines"].split("\n")[0]}))
    assert [(f.code, f.table) for f in found.findings] == [("no_rows", "lines")]


def test_a_missing_required_column_costs_the_table(tmp_path):
    found = read_folder(written(tmp_path, absences="person_id,kind,first\nP2,hospital,2026-04-08\n"))
    codes = [(f.code, f.column) for f in found.findings]
    assert codes == [("missing_column", "first_day"), ("unknown_column", "first")]
    assert found.tables["absences"].num_rows == 0


def test_semicolons_are_recognised(tmp_path):
    found = read_folder(written(tmp_path, absences="person_id;kind;first_day\nP2;hospital;2026-04-08\n"))
    assert "separated by semicolons" in absences(found)[0].message


def test_an_unknown_column_is_ignored_and_named(tmp_path):
    found = read_folder(written(tmp_path, absences="person_id,kind,first_day,ward,lastday\nP2,hospital,2026-04-08,7,\n"))
    assert [(f.code, f.value, f.severity) for f in found.findings] == [
        ("unknown_column", "ward", Severity.WARNING),
        ("unknown_column", "lastday", Severity.WARNING),
    ]
    assert "Did you mean last_day?" in found.findings[1].remedy and found.tables["absences"].num_rows == 1


def test_a_column_twice_costs_the_table(tmp_path):
    found = read_folder(written(tmp_path, absences="person_id,kind,first_day,kind\nP2,hospital,2026-04-08,holiday\n"))
    assert only(found).code == "duplicate_column" and found.tables["absences"].num_rows == 0


def test_rows_that_are_too_long_or_too_short(tmp_path):
    text = "person_id,kind,first_day,last_day\nP1,hospital,2026-04-08\nP2,hospital,2026-04-08,\nP3,hospital,2026-04-08,,x\n"
    found = read_folder(written(tmp_path, absences=text))
    assert [(f.code, f.row, f.value) for f in found.findings] == [
        ("too_few_cells", 2, "P1,hospital,2026-04-08"),
        ("too_many_cells", 4, "P3,hospital,2026-04-08,,x"),
    ]
    assert found.counts["absences"].read == 3 and found.counts["absences"].left_out == 2
    assert ids(found, "absences") == ["P2"] and found.tables["absences"].column("row").to_pylist() == [3]


LATIN = "line_id,date,delivered_minutes,comment\nL1,2026-04-06,30,fine\nL1,2026-04-07,30,at the café – late\nL1,2026-04-08,31,naïf\n"


@pytest.mark.parametrize(("encoding", "text"), [("cp1252", LATIN), ("latin-1", LATIN.replace("–", "-"))])
def test_an_encoding_other_than_utf8(tmp_path, encoding, text):
    found = read_folder(written(tmp_path, actuals=text.encode(encoding)))
    assert [(f.code, f.row, f.column) for f in found.findings] == [("bad_encoding", 3, "comment"), ("bad_encoding", 4, "comment")]
    assert found.findings[0].value.startswith("at the café") and "Windows-1252" in found.findings[0].message
    assert "CSV UTF-8" in found.findings[0].remedy
    assert found.tables["actuals"].column("row").to_pylist() == [2]


def test_utf8_names_are_kept(tmp_path):
    found = spoilt(tmp_path, "people", "Baker", "Ó Bríain 家")
    assert found.findings == [] and found.tables["people"].column("family_name").to_pylist()[1] == "Ó Bríain 家"


ACTUALS = "line_id,date,delivered_minutes,comment,submitted_at\n"


@pytest.mark.parametrize(
    ("text", "broken", "kept"),
    [
        ('L1,2026-04-06,30,"never closed,\nL1,2026-04-07,31,,\nL1,2026-04-08,32,ok,\n', [2], [3, 4]),
        ('L1,2026-04-06,30,a,\nL1,2026-04-07,31,"oops,\nL1,2026-04-08,32,"fine",\nL1,2026-04-09,32,"two\nlines",\n', [3], [2, 4, 5]),
        ('L1,2026-04-06,30,"two\nlines",\nL1,2026-04-07,31,"bad" end,\nL1,2026-04-08,33,x,\n', [], [2, 3, 4]),
        ('L1,2026-04-06,30,6" bed,\nL1,2026-04-07,31,"two\nlines",\n', [], [2, 3]),
        ('L1,2026-04-06,30,a,\nL1,2026-04-07,31,b,"\n', [3], [2]),
        ('L1,2026-04-06,30,6" bed,"\nL1,2026-04-07,31,b,\n', [2], [3]),
        ('L1,2026-04-06,30,"one ""two"" three",\nL1,2026-04-07,31,"""x""",\n', [], [2, 3]),
        ('L1,2026-04-06,30,"x ""y\n""z"" w",\nL1,2026-04-07,30,"a\n\n\nb",\n"', [4], [2, 3]),
    ],
)
def test_a_quotation_mark_that_is_not_closed_costs_one_row(tmp_path, text, broken, kept):
    found = read_folder(written(tmp_path, actuals=ACTUALS + text))
    assert [(f.code, f.row) for f in found.findings] == [("unbalanced_quote", row) for row in broken]
    assert found.tables["actuals"].column("row").to_pylist() == kept


def test_a_misnamed_file_is_named_and_not_read(tmp_path):
    written(tmp_path, actual=GOOD["actuals"])
    (tmp_path / "notes.txt").write_text("x")
    finding = only(read_folder(tmp_path))
    assert (finding.code, finding.table) == ("unknown_file", "actual") and "Did you mean actuals?" in finding.remedy


def test_of_a_table_that_is_there_twice_the_csv_is_read(tmp_path):
    good = read_folder(written(tmp_path / "good"))
    write_folder({"people": good.tables["people"].slice(0, 1)}, tmp_path / "good" / "people", parquet=True)
    finding = only(read_folder(tmp_path / "good"))
    assert (finding.code, finding.table) == ("two_sources", "people") and "only people.csv is read" in finding.message


def test_a_folder_named_like_a_csv_file(tmp_path):
    written(tmp_path, absences=None)
    (tmp_path / "absences.csv").mkdir()
    finding = only(read_folder(tmp_path))
    assert (finding.code, finding.table) == ("unreadable_file", "absences")


def test_a_million_rows_with_one_bad_row(tmp_path):
    start = "line_id,date,start_time,delivered_minutes\n"
    days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    rows = [f"L1,{day},{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d},30" for day in days for at in range(0, 86_400, 29)][:1_000_000]
    rows[765_432] = "L1,2026-04-31,10:00,15"
    found = read_folder(written(tmp_path, actuals=start + "\n".join(rows) + "\n"))
    errors = [f for f in found.findings if f.severity is Severity.ERROR]
    assert [(f.code, f.row, f.value) for f in errors] == [("impossible_date", 765_434, "2026-04-31")]
    assert found.tables["actuals"].num_rows == 999_999


def test_a_flood_is_counted_and_not_kept(tmp_path):
    rows = "".join(f"L1,2026-04-06,{at % 24:02d}:00,x{at}\n" for at in range(50_000))
    found = read_folder(written(tmp_path, actuals="line_id,date,start_time,delivered_minutes\n" + rows))
    assert len(found.findings) == 1_001 and "49,000 more rows" in found.findings[-1].message
    assert found.counts["actuals"].left_out == 50_000


@pytest.mark.parametrize("later", ["b", '"b"', '"b, c"'])
def test_a_quotation_mark_left_open_in_the_header_swallows_no_rows(tmp_path, later):
    text = f'line_id,date,delivered_minutes,comment,"extra\nL1,2026-04-06,30,a,\nL1,2026-04-07,31,{later},\n'
    found = read_folder(written(tmp_path, actuals=text))
    assert only(found).code == "unknown_column"
    assert found.tables["actuals"].column("row").to_pylist() == [2, 3]


def test_a_column_name_may_hold_a_line_break(tmp_path):
    text = 'line_id,date,delivered_minutes,"seen\nby"\nL1,2026-04-06,30,ann\n'
    found = read_folder(written(tmp_path, actuals=text))
    assert only(found).code == "unknown_column" and found.tables["actuals"].column("row").to_pylist() == [2]


@pytest.mark.parametrize("name", ["absences.txt", "absences.csv.gz", "Absences.json", "absences.old/notes.txt", "absences/part-1.csv"])
def test_what_seems_meant_as_a_table_and_is_not_read_is_named(tmp_path, name):
    written(tmp_path, absences=None)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(GOOD["absences"])
    finding = only(read_folder(tmp_path))
    assert finding.code == "unknown_file" and finding.severity is Severity.WARNING
    assert finding.message.startswith(name.removesuffix("/notes.txt")) and ".parquet" in finding.remedy


def test_what_other_programs_leave_beside_parts_is_no_matter(tmp_path):
    good = read_folder(written(tmp_path, absences=None))
    write_folder({"absences": good.tables["absences"]}, tmp_path / "absences", parquet=True)
    for name in ("_SUCCESS", ".part.crc", "part.crc"):
        (tmp_path / "absences" / name).write_text("")
    assert read_folder(tmp_path).findings == []


def test_a_part_that_leads_nowhere_is_named(tmp_path):
    good = read_folder(written(tmp_path, absences=None))
    write_folder({"absences": good.tables["absences"]}, tmp_path / "absences", parquet=True)
    (tmp_path / "absences" / "more.parquet").symlink_to("gone.parquet")
    (tmp_path / "absences" / "round").symlink_to("..")
    assert (only(read_folder(tmp_path)).code, only(read_folder(tmp_path)).table) == ("unreadable_file", "absences")
