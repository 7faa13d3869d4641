"""How rows of the pages on exactness, days and prices become facts, and what is read of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.docs.little import LONG_AGO, Little, Said, week
from tests.docs.spelt import MONDAY, NOTHING, WEEKDAYS, day, day_text, hundredths, minutes, pence, pounds, rate

Given = dict[str, str]
Reader = Callable[[Said], Given]
HOUR_AT_24 = (240_000, "hour")
DAY_TYPES = {"any": "any", "weekday": "weekday", "weekend": "weekend", "bank holiday": "bank_holiday", **{d: d.lower() for d in WEEKDAYS}}


def visits_in_a_week(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals", money_rounding=given["rounded by"])
    case.priced(contract, rate(given["rate"]))
    case.lined(contract)
    for number in range(int(given["visits"])):
        case.visit(MONDAY + timedelta(days=number % 7), 8 + 2 * (number // 7), minutes(given["minutes each"]))
    return lambda said: {"payment": said.payment()}


def pence_shared(case: Little, given: Given) -> Reader:
    contract = case.contract("one_off")
    case.lined(contract, start_date=MONDAY, rate=pence(given["amount"]) * 100)
    share(case, given["shares"])
    return lambda said: {"shared": said.shared()}


def share(case: Little, spelt: str, **cells: object) -> None:
    """'A £100, B 50%': a fixed amount a week or a percentage each, in order."""
    for order, words in enumerate(spelt.split(", "), start=1):
        funder, much = words.split()
        case.add("funders", funder_id=f"{case.name}/{funder}", name=funder)
        part = {"amount_per_week": pence(much)} if much.startswith("£") else {"percent": hundredths(much.strip("%"))}
        case.add(
            "shares", line_id=case.line, share_order=order, funder_id=f"{case.name}/{funder}", **{"valid_from": LONG_AGO, **part, **cells}
        )


def part_weeks(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate(given["rate"]))
    case.lined(contract, start_date=MONDAY)
    case.through = day(given["run through"])
    if given["sealed before"] != pounds(0):
        case.sealed(pence(given["sealed before"]))
    return lambda said: {"owed so far": pounds(said.keys[0]["posted_pence"]), "receipt": said.receipt()}


def names_of_weeks(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals", week_start=given["weeks begin on"].lower())
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.visit(day(given["care on"]))
    return lambda said: {"is of the week": day_text(said.receipts[0]["week"])}


def bank_holidays(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals", nation=given["nation"].lower().replace(" ", "_"))
    case.priced(contract, HOUR_AT_24)
    case.priced(contract, (480_000, "hour"), day_type="bank_holiday")
    case.lined(contract)
    case.visit(day(given["care on"]), minutes=60)
    case.through = date(2026, 12, 31)
    return lambda said: {"price": {pounds(2400): "ordinary", pounds(4800): "bank holiday"}[said.payment(of=day(given["care on"]))]}


def dated_terms(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.add("contract_terms", contract_id=contract, valid_from=day("Thu 4 June"), rounding_minutes=15)
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.visit(day(given["visit on"]), minutes=minutes(given["given"]))
    return lambda said: {"paid for": str(said.days[0]["payable_minutes"])}


def banding(case: Little, given: Given) -> Reader:
    mode, _, step = given["rounded"].rpartition(" ")
    terms = {"rounding_minutes": int(step), "rounding_mode": mode} if step.isdigit() else {}
    contract = case.contract("actuals", cap_at_planned=given.get("capped") == "yes", **terms)
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    if "planned" in given:
        case.planned(minutes(given["planned"]))
    case.visit(MONDAY, minutes=minutes(given["given"]))
    return lambda said: {"paid for": str(said.days[0]["payable_minutes"])}


def price_lists(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    for words in given["prices an hour"].split(", "):
        kind, _, price = words.rpartition(" ")
        case.priced(contract, rate(f"{price} an hour"), day_type=DAY_TYPES[kind])
    case.lined(contract)
    case.visit(day(given["an hour on"]), minutes=60)
    return lambda said: {"price": said.payment(of=day(given["an hour on"]))}


def rate_changes(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, rate("£10 a day"), until=day("Wed 3 June"))
    case.priced(contract, rate("£12 a day"), since=day("Thu 4 June"))
    case.lined(contract)
    for on in week():
        if f"{on:%a}" in given["days attended"]:
            case.visit(on, minutes=None, units=100)
    return lambda said: {"payment": said.payment()}


def bands(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    for most, price in ((15, "£5"), (30, "£10"), (45, "£15"), (60, "£20")):
        case.add(
            "rates",
            contract_id=contract,
            element="care",
            unit="visit",
            band_minutes_up_to=most,
            rate=pence(price) * 100,
            valid_from=LONG_AGO,
        )
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.visit(MONDAY, minutes=minutes(given["minutes given"]))
    return lambda said: {"price": said.payment()}


def own_rates(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.priced(contract, rate("£30 an hour"), day_type="weekend")
    case.lined(contract)
    case.add("line_rates", line_id=case.line, rate=260_000, unit="hour", valid_from=day("Thu 4 June"))
    case.visit(day(given["an hour on"]), minutes=60)
    return lambda said: {"price": said.payment(of=day(given["an hour on"]))}


def outcomes(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    extra = given["outcome"] == "extra"
    if not extra:
        case.planned(30)
    case.visit(MONDAY, minutes=minutes(given["minutes given"]) if given["minutes given"].isdigit() else None, outcome=given["outcome"])
    return lambda said: {"payment": said.payment()}


def frustrated_runs(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.planned(30)
    case.add("frustration_policy", contract_id=contract, percent=5_000, max_days=2, valid_from=LONG_AGO)
    for words, on in zip(given["Monday to Friday"].split(", "), week(), strict=False):
        case.visit(on, minutes=30 if words == "given" else None, outcome="delivered" if words == "given" else words)
    return lambda said: {"payment": said.payment()}


def blank_units(case: Little, given: Given) -> Reader:
    words = given["given"]
    contract = case.contract(given["basis"])
    case.lined(
        contract, start_date=day(words.removeprefix("the day ")) if words.startswith("the day ") else MONDAY, rate=pence("£70") * 100
    )
    if given["basis"] == "actuals":
        case.visit(MONDAY, minutes=minutes(words))
    return lambda said: {"payment": said.payment()}


def placements_priced(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate(given["rate"]))
    case.lined(contract, start_date=MONDAY)
    return lambda said: {"payment": said.payment(), "hold": _unpriced(said)}


def _unpriced(said: Said) -> str:
    """'RAT £0.00', or a dash."""
    held = said.held("RAT")
    return held if held == NOTHING else f"RAT {held}"


def frustration_reasons(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract)
    case.planned(30)
    for words in given["policy"].split(", "):
        reason, _, percent = words.rpartition(" ")
        named = {} if reason == "any" else {"reason": reason}
        case.add("frustration_policy", contract_id=contract, percent=hundredths(percent.strip("%")), valid_from=LONG_AGO, **named)
    case.visit(MONDAY, minutes=None, outcome="frustrated", reason=given["reason given"])
    return lambda said: {"payment": said.payment()}


def units(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, rate(given["rate"]))
    case.lined(contract)
    counted = None if given["units"] == "blank" else hundredths(given["units"])
    given_minutes = minutes(given["minutes"]) if given["minutes"] != "blank" else None
    case.visit(MONDAY, minutes=given_minutes, units=counted, carers=int(given["carers"]))
    return lambda said: {"payment": said.payment()}
