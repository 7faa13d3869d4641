"""Care packages: which lines a reader reaches."""

from __future__ import annotations

from tests.web.vale import NOW, SAGEGREEN, T0, THORNFIELD, record

from almoner.core.tables import TABLES


def reader(organisation, role="provider_user", **limits):
    from almoner.office.accounts.readers import Reader
    from almoner.office.accounts.roles import Role

    return Reader(1, 1, "somebody@test.example", "Somebody", Role(role), organisation, **limits)


def reached(who, at=NOW):
    from almoner.office.care.queries import lines_open_to

    return lines_open_to(who, at).column("line_id").to_pylist()


def test_a_provider_reaches_its_own_lines_and_no_others(pages):
    assert reached(reader(SAGEGREEN)) == ["LN-204417", "LN-204502", "LN-204710", "LN-204800"]
    assert reached(reader(THORNFIELD)) == ["LN-300001"]
    assert reached(reader("QXX", "partner_reader")) == reached(reader("", "auditor")) == []


def test_an_access_limited_to_places_reaches_the_lines_there(pages):
    assert reached(reader(SAGEGREEN, sites=frozenset({"S-EAST"}))) == ["LN-204502"]
    assert reached(reader(SAGEGREEN, contracts=frozenset({"HC-AGREE"}))) == ["LN-204800"]
    assert reached(reader(SAGEGREEN, sites=frozenset({"S-EAST"}), contracts=frozenset({"HC-AGREE", "TF-HC"}))) == ["LN-204502", "LN-204800"]
    assert reached(reader(SAGEGREEN, sites=frozenset({"nowhere"}))) == []


def test_what_counts_is_whose_a_line_is_as_known_at_the_moment(pages):
    from almoner.office.care.queries import line_open_to

    known = line_open_to(reader(SAGEGREEN), "LN-204417", NOW)
    assert known["family_name"] == "Okafor" and known["provider_id"] == SAGEGREEN and known["tolerance_percent"] == 1000
    assert line_open_to(reader(THORNFIELD), "LN-204417", NOW) is None
    fact = {name: known[name] for name in known if name in {column.name for column in TABLES["lines"].columns}}
    record("lines", {**fact, "contract_id": "TF-HC"}, at=NOW)
    assert "LN-204417" not in reached(reader(SAGEGREEN)) and "LN-204417" in reached(reader(THORNFIELD))
    assert "LN-204417" in reached(reader(SAGEGREEN), T0) and "LN-204417" not in reached(reader(THORNFIELD), T0)
