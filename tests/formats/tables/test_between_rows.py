"""Doubts between rows of one table: keys, overlaps, shares."""

from tests.formats.tables.small_council import GOOD, ids, only, written

from almoner.core.findings import Severity
from almoner.formats.tables import read_folder


def test_of_two_rows_with_one_key_the_later_stands(tmp_path):
    found = read_folder(written(tmp_path, providers=GOOD["providers"] + "V1,Kinder Care,300\n"))
    finding = only(found)
    assert (finding.code, finding.row, finding.column, finding.value) == ("duplicate_key", 2, "provider_id", "V1")
    assert "Row 4" in finding.message and finding.severity is Severity.ERROR
    assert found.tables["providers"].column("name").to_pylist() == ["Rose House", "Kinder Care"]
    assert ids(found, "contracts") == ["C1", "C2", "C3"]


def test_the_same_row_twice_is_a_warning(tmp_path):
    finding = only(read_folder(written(tmp_path, providers=GOOD["providers"] + "V1,Kind Care,100\n")))
    assert (finding.code, finding.row, finding.severity) == ("repeated_row", 2, Severity.WARNING)


def test_blank_equals_blank_in_a_key(tmp_path):
    text = "contract_id,reason,percent,valid_from\nC1,,100,2026-01-01\nC1,,50,2026-01-01\nC1,ill,50,2026-01-01\n"
    found = read_folder(written(tmp_path, frustration_policy=text))
    assert only(found).row == 2 and found.tables["frustration_policy"].column("row").to_pylist() == [3, 4]


def test_actuals_that_replace_one_another_all_stay(tmp_path):
    more = "L1,2026-04-06,9:00,45,delivered,,2026-04-11T10:00:00\n"
    found = read_folder(written(tmp_path, actuals=GOOD["actuals"] + more))
    finding = only(found)
    assert (finding.code, finding.severity, finding.row) == ("replaced_actual", Severity.NOTE, 5)
    assert "Row 2" in finding.message and found.tables["actuals"].num_rows == 4


def test_decisions_about_one_hold_all_stay(tmp_path):
    text = "decision,code,person_id,reason,at\nrelease,TOL,P1,seen,2026-04-20T10:00:00\nuphold,TOL,P1,no,2026-04-21T10:00:00\n"
    found = read_folder(written(tmp_path, releases=text))
    assert (only(found).code, only(found).severity, only(found).row) == ("replaced_decision", Severity.NOTE, 2)
    assert found.tables["releases"].column("decision").to_pylist() == ["release", "uphold"]


def test_sealed_receipts_may_be_alike(tmp_path):
    text = "book,payee_id,line_id,week,amount\npayments,V1,L1,2026-04-06,-10.00\npayments,V1,L1,2026-04-06,-10.00\n"
    found = read_folder(written(tmp_path, prior_receipts=text))
    assert found.findings == [] and found.tables["prior_receipts"].column("amount").to_pylist() == [-1000, -1000]


def test_overlaps_are_named_and_used(tmp_path):
    late = {
        "rates": "C1,HC,hour,24,2026-03-01,2026-03-31\n",
        "contributions": "P1,40,2026-03-01,\n",
        "top_ups": "P2,L2,D1,60,2026-03-01,\n",
        "shares": "L2,1,F2,10,,2026-03-01,\n",
        "schedule": "L1,monday,09:00,60,2026-03-01\n",
    }
    tables = {name: GOOD[name] + row for name, row in late.items()}
    tables["line_rates"] = (
        "line_id,rate,unit,valid_from,valid_to\nL1,20,hour,2026-01-01,2026-02-01\nL1,21,hour,2026-02-01,2026-03-01\nL1,22,hour,2026-03-02,\n"
    )
    found = read_folder(written(tmp_path, **tables))
    assert [(f.table, f.row, f.value) for f in found.findings] == [
        ("rates", 5, "2026-03-01"), ("line_rates", 3, "2026-02-01"), ("schedule", 4, "2026-03-01"), ("shares", 4, "2026-03-01"),
        ("contributions", 3, "2026-03-01"), ("top_ups", 3, "2026-03-01"),
    ]  # fmt: skip
    assert {(f.code, f.severity) for f in found.findings} == {("overlap", Severity.WARNING)}
    assert "row 2" in found.findings[0].message and "holds until 2026-04-05" in found.findings[0].message
    assert not found.has_errors and all(count.left_out == 0 for count in found.counts.values())


def test_rates_of_another_band_or_day_do_not_overlap(tmp_path):
    text = (
        "contract_id,element,unit,day_type,band_minutes_up_to,rate,valid_from\n"
        "C1,HC,visit,any,15,5,2026-01-01\nC1,HC,visit,any,30,10,2026-01-01\nC1,HC,visit,weekend,30,12,2026-01-01\nC1,HC,hour,,,20,2026-01-01\n"
    )
    assert read_folder(written(tmp_path, rates=text)).findings == []


def test_terms_lie_one_upon_another(tmp_path):
    text = "contract_id,valid_from,rounding_minutes,tolerance_percent\nC1,2026-01-01,15,\nC1,2026-02-01,,5\n"
    found = read_folder(written(tmp_path, contract_terms=text))
    assert found.findings == []
    assert found.tables["contract_terms"].select(["rounding_minutes", "tolerance_percent"]).to_pylist() == [
        {"rounding_minutes": 15, "tolerance_percent": None},
        {"rounding_minutes": None, "tolerance_percent": 500},
    ]


HEADER = "line_id,share_order,funder_id,amount_per_week,percent,valid_from,valid_to\n"


def test_the_share_that_passes_a_hundred_is_left_out(tmp_path):
    text = HEADER + (
        "L1,1,F1,,60,2026-01-01,2026-06-30\n"
        "L1,2,F2,,40,2026-01-01,2026-02-28\n"
        "L1,3,F2,,40.01,2026-03-01,\n"  # with 60 from March to June it is 100.01
        "L1,4,F1,5,,2026-01-01,\n"
        "L2,1,F1,,100,2026-01-01,2026-01-31\n"
        "L2,2,F2,,100,2026-02-01,\n"
    )
    found = read_folder(written(tmp_path, shares=text))
    finding = only(found)
    assert (finding.code, finding.row, finding.column, finding.value) == ("shares_over_hundred", 4, "percent", "40.01")
    assert "line L1 come to 100.01 % on 2026-03-01" in finding.message
    assert found.tables["shares"].column("row").to_pylist() == [2, 3, 5, 6, 7]


def test_very_many_percentages_on_one_line_are_left_out_together(tmp_path):
    rows = "".join(f"L1,{order},F1,,1,2026-01-01,\n" for order in range(1_200))
    found = read_folder(written(tmp_path, shares=HEADER + rows + "L2,1,F1,,5,2026-01-01,\n"))
    assert ids(found, "shares") == ["L2"]
    assert len(found.findings) == 1_001 and found.findings[-1].row == 0 and "200 more rows" in found.findings[-1].message
