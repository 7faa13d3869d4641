"""The general ledger: what a mapping chooses, renames, orders and spells, and what is refused with its remedy."""

from __future__ import annotations

import csv
import io
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.formats.ledgers.ledger import LEDGER, LedgerCellRefused, write_ledger
from almoner.formats.ledgers.mapping import MappingRefused, read_mapping, shipped_mapping, shipped_mappings

RECEIPT = {
    "run_reference": "PAY-7",
    "reference": "CARE0000000001",
    "book": "payments",
    "payee_id": "V1",
    "payee_name": "Alpha Care, Ltd",
    "creditor_reference": "004711",
    "person_id": "1000000018",
    "line_id": "L1",
    "contract_id": "C1",
    "service_type": "home care",
    "element": "standard",
    "cost_code": "E1234-5701",
    "week": date(2026, 4, 6),
    "last_day": date(2026, 4, 12),
    "pay_date": date(2026, 5, 20),
    "kind": "regular",
    "amount_pence": 14753,
}


def receipts(*changes):
    return pa.Table.from_pylist([RECEIPT | change for change in changes], schema=LEDGER)


def written(mapping: str, *changes) -> str:
    return write_ledger(receipts(*(changes or ({},))), read_mapping(mapping.encode())).decode()


def cell(column: str, *, file: str = "", **change) -> str:
    """The one cell that a one-column mapping writes."""
    return written(f'header = false\nline_end = "lf"\n{file}\n[[columns]]\nname = "x"\n{column}', change).removesuffix("\n")


def test_the_general_mapping():
    rows = receipts({}, {"line_id": "L2", "kind": "adjustment", "amount_pence": -5})
    assert write_ledger(rows, shipped_mapping("general")).decode() == (
        "run,reference,creditor,payee,cost code,person,line,service,week,pay date,kind,amount\r\n"
        'PAY-7,CARE0000000001,004711,"Alpha Care, Ltd",E1234-5701,1000000018,L1,home care,2026-04-06,2026-05-20,regular,147.53\r\n'
        'PAY-7,CARE0000000001,004711,"Alpha Care, Ltd",E1234-5701,1000000018,L2,home care,2026-04-06,2026-05-20,adjustment,-0.05\r\n'
    )


def test_hackney_cedar_has_a_total_then_each_invoice_with_its_lines():
    rows = receipts(
        {}, {"reference": "CARE0000000002", "creditor_reference": "9", "amount_pence": 100}, {"line_id": "L3", "amount_pence": 47}
    )
    assert write_ledger(rows, shipped_mapping("hackney_cedar")).decode().split("\r\n") == [
        "1,0,AP,149.00,2,E5013,HA",
        "2,1,96,004711,CARE0000000001,20/05/2026,20/05/2026,V1,148.00,148.00,0",
        "3,1,1,060426120426 1000000018,1,147.53,0,E1234,5701,X,EXE",
        "3,1,2,060426120426 1000000018,1,0.47,0,E1234,5701,X,EXE",
        "2,2,96,9,CARE0000000002,20/05/2026,20/05/2026,V1,1.00,1.00,0",
        "3,2,1,060426120426 1000000018,1,1.00,0,E1234,5701,X,EXE",
        "",
    ]


def test_oracle_fusion_headers_and_lines_have_their_places_and_agree():
    rows = receipts({}, {"line_id": "L2", "amount_pence": -3}, {"reference": "CARE0000000002", "amount_pence": 100})
    headers = list(csv.reader(io.StringIO(write_ledger(rows, shipped_mapping("oracle_fusion_invoices")).decode())))
    lines = list(csv.reader(io.StringIO(write_ledger(rows, shipped_mapping("oracle_fusion_invoice_lines")).decode())))
    assert [len(record) for record in headers] == [134, 134]
    assert [len(record) for record in lines] == [163, 163, 163]
    assert [(h[0], h[3], h[4], h[5], h[7], h[9], h[13], h[23]) for h in headers] == [
        ("1", "CARE0000000001", "147.50", "2026/05/20", "004711", "GBP", "STANDARD", "2026/05/20"),
        ("2", "CARE0000000002", "1.00", "2026/05/20", "004711", "GBP", "STANDARD", "2026/05/20"),
    ]
    assert [(x[0], x[1], x[2], x[3], x[7], x[23], x[24], x[26]) for x in lines] == [
        ("1", "1", "ITEM", "147.53", "L1 week of 06 Apr 2026 regular", "2026/05/20", "5701", "E1234"),
        ("1", "2", "ITEM", "-0.03", "L2 week of 06 Apr 2026 regular", "2026/05/20", "5701", "E1234"),
        ("2", "1", "ITEM", "1.00", "L1 week of 06 Apr 2026 regular", "2026/05/20", "5701", "E1234"),
    ]


def test_every_shipped_mapping_writes_an_empty_run_too():
    assert shipped_mappings() == ("general", "hackney_cedar", "oracle_fusion_invoice_lines", "oracle_fusion_invoices")
    empty = {name: write_ledger(LEDGER.empty_table(), shipped_mapping(name)) for name in shipped_mappings()}
    assert empty["general"].count(b"\r\n") == 1
    assert empty["hackney_cedar"] == b"1,0,AP,0.00,0,E5013,HA\r\n"
    assert empty["oracle_fusion_invoices"] == b""


@pytest.mark.parametrize(
    ("spelling", "above", "below"),
    [
        ("pounds", "147.53", "-0.05"),
        ("pounds_reversed", "-147.53", "0.05"),
        ("pence", "14753", "-5"),
        ("pence_reversed", "-14753", "5"),
        ("debit_pounds", "147.53", ""),
        ("credit_pounds", "", "0.05"),
        ("debit_pence", "14753", ""),
        ("credit_pence", "", "5"),
    ],
)
def test_amounts(spelling, above, below):
    column = f'from = "amount_pence"\nformat = "{spelling}"'
    assert (cell(column), cell(column, amount_pence=-5)) == (above, below)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ('from = "week"\nformat = "date"', "06/04/2026"),
        ('from = "week"\nformat = "date"\npattern = "%y%j"', "26096"),
        ('from = "week"\nformat = "date"\npattern = "%d %B %Y %b %%"', "06 April 2026 Apr %"),
        ('constant = "AP"', "AP"),
        ('from = "line_id"\nwidth = 6\npad = "0"\nalign = "right"', "0000L1"),
        ('from = "line_id"\nwidth = 4\npad = "."', "L1.."),
        ('from = "service_type"\nupper = true', "HOME CARE"),
        ('from = "service_type"\ncut = 4', "home"),
        ('from = "cost_code"\nseparator = "-"\npart = 2', "5701"),
        ('from = "cost_code"\nseparator = "-"\npart = 3\notherwise = "none"', "none"),
        ('parts = [{ from = "line_id" }, { constant = "/" }, { from = "amount_pence", format = "pence" }]', "L1/14753"),
        ('from = "amount_pence"\nformat = "number"', "14753"),
        ('count = "rows"', "1"),
        ('number = "row"', "1"),
    ],
)
def test_spellings(column, text):
    assert cell(column) == text


def test_lookups():
    lookup = '[lookups.centres]\n"E1234" = "Z9"\n'
    column = 'from = "cost_code"\nseparator = "-"\nlookup = "centres"'
    assert cell(column, file=lookup) == "Z9"
    with pytest.raises(LedgerCellRefused, match=r"finds no 'E9' in lookup centres \(row 1\)"):
        cell(column, file=lookup, cost_code="E9-1")
    assert cell(column + '\notherwise = "U"', file=lookup, cost_code="E9-1") == "U"


def test_blanks():
    assert cell('from = "creditor_reference"', creditor_reference=None) == ""
    assert cell('from = "creditor_reference"\notherwise = "SUNDRY"', creditor_reference="") == "SUNDRY"
    with pytest.raises(LedgerCellRefused, match="is empty"):
        cell('from = "creditor_reference"\nrequired = true', creditor_reference=None)


def test_order_puts_blanks_where_no_column_is_described():
    mapping = 'order = ["a", "b", "c"]\nline_end = "lf"\n[[columns]]\nname = "c"\nfrom = "line_id"\n[[columns]]\nname = "a"\nconstant = "1"'
    assert written(mapping) == "a,b,c\n1,,L1\n"


def test_delimiter_quotes_encoding_and_fixed_width():
    name = 'from = "payee_name"'
    assert cell(name) == '"Alpha Care, Ltd"'
    assert cell(name, file='delimiter = "|"') == "Alpha Care, Ltd"
    assert cell(name, file='delimiter = "|"\nquote = "all"') == '"Alpha Care, Ltd"'
    assert cell(name, payee_name='The "Elms"\nHome') == '"The ""Elms""\nHome"'
    assert cell(f"{name}\nwidth = 20", file='delimiter = ""') == "Alpha Care, Ltd     "
    rows = receipts({"payee_name": "Zoë"})
    mapping = 'header = false\nencoding = "{}"\n[[columns]]\nname = "x"\nfrom = "payee_name"'
    assert write_ledger(rows, read_mapping(mapping.format("cp1252").encode())) == b"Zo\xeb\r\n"
    assert write_ledger(rows, read_mapping(mapping.format("utf-8-sig").encode())) == b"\xef\xbb\xbfZo\xc3\xab\r\n"
    with pytest.raises(LedgerCellRefused, match="Row 2 has the letter 'ë', which ascii has not"):
        write_ledger(pa.concat_tables([receipts({}), rows]), read_mapping(mapping.format("ascii").encode()))


def test_what_would_break_a_line_is_refused():
    with pytest.raises(LedgerCellRefused, match="would break the line"):
        cell('from = "payee_name"', file='quote = "never"')
    with pytest.raises(LedgerCellRefused, match="would break the line"):
        cell('from = "payee_name"\nwidth = 30', file='delimiter = ""', payee_name="A\nB")
    with pytest.raises(LedgerCellRefused, match="longer than 3"):
        cell('from = "payee_name"\nwidth = 3')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " =", "＝"])
def test_text_a_spreadsheet_would_run_is_made_safe(start):
    shown = next(csv.reader(io.StringIO(cell('from = "payee_name"', payee_name=f"{start}cmd"))))[0]
    assert shown == f"'{start}cmd"
    assert cell('from = "amount_pence"\nformat = "pounds"', amount_pence=-1) == "-0.01"
    assert cell('constant = "-"') == "-"
    assert cell('from = "payee_name"\nwidth = 12', file='delimiter = ""', payee_name=f"{start.strip()}cmd") == f"{start.strip()}cmd".ljust(
        12
    )


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("name = ", "not TOML"),
        ("", "either"),
        ("columns = []", "no columns"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\n[[records]]\nper = "row"', "either"),
        ('[[columns]]\nfrom = "line_id"', "has no name"),
        ('[[columns]]\nname = "x"', "no source"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\nconstant = "1"', "from and constant"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\nwdith = 3', "wdith"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\nwidth = "3"', "not of the right kind"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\nformat = "money"', "format = 'money'"),
        ('[[columns]]\nname = "x"\nfrom = "week"\nformat = "date"\npattern = "%A"', "pattern '%A'"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\nlookup = "y"', "lookup = 'y'"),
        ('[[columns]]\nname = "x"\nsum = "amount_pence"', "adds up money"),
        ('[[columns]]\nname = "x"\nnumber = "group"', "needs groups"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\npart = 0', "out of range"),
        ('[[columns]]\nname = "x"\nfrom = "line_id"\n[[columns]]\nname = "x"\nconstant = "2"', "twice"),
        ('order = ["y"]\n[[columns]]\nname = "x"\nfrom = "line_id"', "not in the order"),
        ('delimiter = "::"\n[[columns]]\nname = "x"\nfrom = "line_id"', "not one character"),
        ('delimiter = ""\n[[columns]]\nname = "x"\nfrom = "line_id"', "no width"),
        ('encoding = "ebcdic"\n[[columns]]\nname = "x"\nfrom = "line_id"', "encoding"),
        ('header = "no"\n[[columns]]\nname = "x"\nfrom = "line_id"', "header"),
        ('colour = "red"\n[[columns]]\nname = "x"\nfrom = "line_id"', "colour"),
        ('lookups = 3\n[[columns]]\nname = "x"\nfrom = "line_id"', "not tables"),
        ('[lookups.a]\nb = 3\n[[columns]]\nname = "x"\nfrom = "line_id"', "not text"),
        (2 * '[[records]]\nper = "row"\n[[records.columns]]\nname = "x"\nfrom = "line_id"\n', "has no one header"),
        ('[[records]]\nper = "day"\n[[records.columns]]\nname = "x"\nfrom = "line_id"', "per = 'day'"),
        ('[[records]]\nper = "group"\n[[records.columns]]\nname = "x"\nfrom = "line_id"', "needs groups"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(mapping, says):
    with pytest.raises(MappingRefused) as refused:
        read_mapping(mapping.encode())
    assert says in refused.value.message
    assert refused.value.remedy.endswith((".", '"'))


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ('from = "colour"', "reads 'colour', which the rows do not have"),
        ('parts = [{ from = "colour" }]', "reads 'colour'"),
        ('from = "line_id"\nformat = "date"', "as a date"),
        ('from = "line_id"\nformat = "pounds"', "as money"),
        ('from = "line_id"\nformat = "number"', "as a number"),
        ('from = "week"', "the date 'week' as text"),
        ('sum = "line_id"\nformat = "pounds"', "as money"),
    ],
)
def test_a_mapping_that_does_not_fit_the_rows_is_refused(column, says):
    with pytest.raises(MappingRefused, match=says):
        cell(column)
    with pytest.raises(MappingRefused, match="group_by names 'colour'"):
        cell('constant = "x"', file='group_by = ["colour"]')


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")), min_size=1, max_size=4))
def test_whatever_the_names_are_a_csv_reader_gets_them_back(names):
    mapping = read_mapping(
        b'header = false\nquote = "all"\n[[columns]]\nname = "a"\nfrom = "payee_name"\n[[columns]]\nname = "b"\nconstant = "!"'
    )
    content = write_ledger(receipts(*({"payee_name": name} for name in names)), mapping).decode()
    back = list(csv.reader(io.StringIO(content, newline="")))
    assert [record[1] for record in back] == ["!"] * len(names)
    assert [record[0].removeprefix("'") for record in back] == [name.removeprefix("'") for name in names]
