"""How rows of the pages on lines, holds and receipts become facts, and what is read of the answer."""

from __future__ import annotations

from datetime import time, timedelta

from tests.docs.little import LONG_AGO, Little, Said, week
from tests.docs.spelt import MONDAY, NOTHING, day, hundredths, minutes, moment, pence, pounds, rate
from tests.docs.visits_run import HOUR_AT_24, Given, Reader

from almoner.core.carrying import payable

WEDNESDAY = day("Wed 3 June")


def two_bases(case: Little, given: Given) -> Reader:
    lines = {}
    for basis in ("planned", "actuals"):
        contract = case.contract(basis)
        case.priced(contract, HOUR_AT_24)
        lines[basis] = case.lined(contract, f"{case.name}/{basis}")
        case.planned(30, line=lines[basis])
        _report(case, given["the provider says"], lines[basis])
    return lambda said: {f"on {basis}": said.payment(line) for basis, line in lines.items()}


def _report(case: Little, words: str, line: str) -> None:
    match words:
        case "nothing":
            return
        case "Wednesday missed":
            case.visit(WEDNESDAY, minutes=None, line=line, outcome="missed")
        case "60 minutes on Wednesday":
            case.visit(WEDNESDAY, minutes=60, line=line)
        case "30 minutes more on Wednesday":
            case.visit(WEDNESDAY, 15, line=line, outcome="extra")
        case "240 minutes in the week":
            case.add("actuals", line_id=line, date=MONDAY, kind="week", delivered_minutes=240)
        case _:
            raise ValueError(words)


def quantities(case: Little, given: Given) -> Reader:
    contract = case.contract("planned")
    case.priced(contract, (10_000, "hour"))
    case.lined(contract, start_date=day(given["first day"]), quantity_per_week=hundredths(given["hours a week"]))
    return lambda said: {"hours paid": said.payment().strip("£").removesuffix(".00")}


def placements(case: Little, given: Given) -> Reader:
    contract = case.contract("placement", pays_last_day=given["last day paid"] == "yes")
    case.priced(contract, rate(given["rate"]))
    case.lined(contract, start_date=day(given["first day"]), end_date=day(given["last day"]))
    return lambda said: {"days": str(len(said.days)), "payment": said.payment()}


def absences(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate("£700 a week"))
    case.lined(contract)
    for from_day, percent in ((1, 10_000), (4, 5_000)):
        case.add("absence_policy", contract_id=contract, kind="hospital", from_day=from_day, percent=percent, valid_from=LONG_AGO)
    first, _, last = given["in hospital"].partition(" to ")
    case.add("absences", person_id=case.person, kind="hospital", first_day=day(first), last_day=day(last) if last else None)
    return lambda said: {"payment": said.payment()}


def absences_that_overlap(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate("£700 a week"))
    case.lined(contract)
    for kind, heading, percent in (("holiday", "on holiday", 8_000), ("hospital", "in hospital", 5_000)):
        case.add("absence_policy", contract_id=contract, kind=kind, from_day=1, percent=percent, valid_from=LONG_AGO)
        first, _, last = given[heading].partition(" to ")
        case.add("absences", person_id=case.person, kind=kind, first_day=day(first), last_day=day(last))
    return lambda said: {"payment": said.payment()}


def one_offs(case: Little, given: Given) -> Reader:
    contract = case.contract("one_off")
    quantity = None if given["quantity"] == "blank" else hundredths(given["quantity"])
    case.lined(contract, start_date=WEDNESDAY, rate=pence(given["rate"]) * 100, quantity_per_week=quantity)
    return lambda said: {"payment": said.payment()}


def totals(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24, until=WEDNESDAY)
    case.priced(contract, rate("£27 an hour"), since=day("Thu 4 June"))
    case.lined(contract)
    planned = [on for on in week() if f"{on:%a}" in given["an hour is planned on"] or given["an hour is planned on"] == "every day"]
    if planned:
        case.planned(60, planned)
    case.add("actuals", line_id=case.line, date=MONDAY, kind="week", delivered_minutes=minutes(given["total"]))
    return lambda said: {"payment": said.payment()}


def totals_by_outcome(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.add("actuals", line_id=case.line, date=MONDAY, kind="week", delivered_minutes=420, outcome=given["outcome"])
    return lambda said: {"payment": said.payment()}


def deaths(case: Little, given: Given) -> Reader:
    contract = case.contract(
        "placement", days_paid_after_death=int(given["days paid after death"]), pays_last_day=given["last day paid"] == "yes"
    )
    case.priced(contract, rate("£700 a week"))
    case.lined(contract)
    case.tables["people"][0]["date_of_death"] = day(given["died on"])
    return lambda said: {"payment": said.payment()}


def readiness(case: Little, given: Given) -> Reader:
    contract = case.contract("placement", needs_agreement=True)
    case.priced(contract, rate("£700 a week"))
    blank = {name: None if given[name] == "not yet" else day(given[name]) for name in ("authorised", "agreed")}
    case.lined(contract)
    case.tables["lines"][0].update({f"{name}_on": on for name, on in blank.items()})
    return lambda said: {"payment of the week": said.payment(), "hold": _holds(said)}


def _holds(said) -> str:
    """The hold of the week of 1 June: 'AUT £700.00'."""
    return ", ".join(f"{h['code']} {pounds(h['amount_pence'])}" for h in said.holds if h["week"] == MONDAY) or NOTHING


def tolerances(case: Little, given: Given) -> Reader:
    hold = "excess" if given["holds"] == "the excess" else "person_week"
    contract = case.contract("actuals", tolerance_percent=hundredths(given["allowed"].strip("%")), hold=hold)
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.planned(minutes(given["planned"]), [MONDAY])
    case.visit(MONDAY, minutes=minutes(given["given"]))
    return lambda said: {"payment": said.payment(), "held": said.held("TOL")}


def several_contracts(case: Little, given: Given) -> Reader:
    lines = []
    for which in ("first", "second"):
        allowed, hold = given[f"{which} contract"].split(", ")
        terms = {"tolerance_percent": hundredths(allowed.strip("%")), "hold": "excess" if hold == "the excess" else "person_week"}
        contract = case.contract("actuals", **terms)
        case.priced(contract, HOUR_AT_24)
        lines.append(case.lined(contract, f"{case.name}/{which}"))
        case.planned(600, [MONDAY], line=lines[-1])
        case.visit(MONDAY, minutes=minutes(given["given of the first"]) if which == "first" else 600, line=lines[-1])
    return lambda said: {"payment": pounds(said.amount() or 0), "held": said.held("TOL")}


def overlaps(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    for words in given["visits"].split(", "):
        start, end = (time.fromisoformat(at) for at in words.split(" to "))
        lasts = (end.hour - start.hour) * 60 + end.minute - start.minute
        case.add("actuals", line_id=case.line, date=MONDAY, start_time=start, delivered_minutes=lasts)
    return lambda said: {"held": _doubled(said)}


def _doubled(said: Said) -> str:
    starts = [d["start_minute"] for d in said.days if d["held"] == "DUP"]
    return ", ".join(f"{start // 60:02}:{start % 60:02}" for start in starts) or NOTHING


def told_twice(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.planned(60, [MONDAY])
    for row in ("first row", "second row"):
        start, given_for = given[row].split(", ")
        at = None if start == "no time" else time.fromisoformat(start)
        case.add("actuals", line_id=case.line, date=MONDAY, start_time=at, delivered_minutes=minutes(given_for))
    return lambda said: {"payment": said.payment(), "held": said.held("DUP")}


def bank_accounts(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate("£700 a week"))
    case.lined(contract, start_date=MONDAY)
    for words in given["accounts"].split(", ") if given["accounts"] != NOTHING else []:
        state, _, since = words.partition(" from ")
        case.add(
            "bank_accounts", party_id=case.provider, sort_code="000000", account_number="00000000", account_name="A provider",
            valid_from=day(since), entered_by="jo", verified_by="sam" if state == "verified" else None,
        )  # fmt: skip
    return lambda said: {"payment": said.payment(), "hold": _holds(said)}


def increases(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate("£700 a week"))
    case.lined(contract, start_date=MONDAY)
    case.tables["lines"][0]["authorised_on"] = None
    if given["sealed before"] != pounds(0):
        case.sealed(pence(given["sealed before"]))
    return lambda said: {"receipt": said.receipt(), "held": said.held("AUT")}


def releases(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals", tolerance_percent=1_000)
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.planned(60, [MONDAY])
    case.visit(MONDAY, minutes=90, submitted_at=moment(given["submitted"]))
    at = {} if given["released"] == "never" else {"at": moment(given["released"])}
    if at:
        case.add("releases", code="TOL", person_id=case.person, week=MONDAY, reason="illness", by="jo", **at)
    return lambda said: {"payment": said.payment(), "held": said.held("TOL")}


def differences(case: Little, given: Given) -> Reader:
    contract = case.contract("one_off")
    cancelled = {"end_date": MONDAY - timedelta(days=1)} if given["owed now"] == "cancelled" else {}
    worth = 10_000 if cancelled else pence(given["owed now"])
    case.lined(contract, start_date=MONDAY, rate=worth * 100, **cancelled)
    for amount in given["sealed before"].split(", "):
        if amount != NOTHING:
            case.sealed(pence(amount))
    return lambda said: {"receipt": said.receipt(), "kind": said.receipts[0]["kind"] if said.receipts else NOTHING}


def carried(case: Little, given: Given) -> Reader:
    instalment = None if given["instalment"] == NOTHING else pence(given["instalment"])
    found = payable(pence(given["receipts"]), pence(given["carried in"]), instalment)
    return lambda said: {"paid": pounds(found.amount_pence), "carried out": pounds(found.carried_out_pence)}
