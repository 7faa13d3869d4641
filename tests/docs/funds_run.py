"""How rows of the pages on funding and charging become facts, and what is read of the answer."""

from __future__ import annotations

from datetime import timedelta

from tests.docs.little import LONG_AGO, Little, Said
from tests.docs.spelt import MONDAY, NOTHING, day, day_text, minutes, pence, pounds, rate
from tests.docs.visits_run import HOUR_AT_24, Given, Reader, share

PLACEMENT = rate("£700 a week")


def shares(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=day(given["first day"]))
    share(case, given["shares"])
    return lambda said: {"who owes what": said.shared()}


def shares_by_day(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=MONDAY)
    share(case, given["share"], valid_from=day(given["from"]))
    return lambda said: {"who owes what": said.shared()}


def settlements(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=MONDAY)
    share(case, given["share"], settlement=given["settled"])
    return lambda said: {"payment": said.payment(), "claim": said.receipt("claims")}


def charges(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract, start_date=MONDAY)
    case.visit(MONDAY, minutes=minutes(given["given at £24 an hour"]))
    if given["share"] != "–":
        share(case, given["share"])
    _contributes(case, given["contribution"])
    return lambda said: {"charge": said.receipt("charges")}


def _contributes(case: Little, amount: str, **cells: object) -> None:
    case.add("contributions", person_id=case.person, amount_per_week=pence(amount), valid_from=LONG_AGO, **cells)


def charge_pence(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, rate(given["rate"]))
    case.lined(contract, start_date=day(given["first day"]))
    _contributes(case, given["contribution"])
    return lambda said: {"payment": said.payment(), "charge": said.receipt("charges")}


def collectors(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=MONDAY)
    _contributes(case, given["contribution"], collector=given["collected by"].removeprefix("the "))
    return lambda said: {"payment": said.payment(), "charge": said.receipt("charges")}


def days_in_service(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    case.lined(contract, start_date=day(given["line from"]))
    case.visit(day("Sun 7 June"), minutes=600)
    if given["another line from Monday"] != NOTHING:
        other = case.lined(contract, f"{case.name}/other", start_date=MONDAY)
        if given["another line from Monday"] == "not authorised":
            case.tables["lines"][1]["authorised_on"] = None
        case.visit(MONDAY, minutes=0, line=other)
    if given["in hospital"] != NOTHING:
        first, _, last = given["in hospital"].partition(" to ")
        case.add("absences", person_id=case.person, kind="hospital", first_day=day(first), last_day=day(last))
    _contributes(case, "£70")
    return lambda said: {"charge": said.receipt("charges")}


def collected_in_turn(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=day(given["first day"]))
    turn = day(given["council's last day"])
    _contributes(case, given["contribution"], valid_to=turn)
    case.add(
        "contributions", person_id=case.person, amount_per_week=pence(given["contribution"]), collector="provider",
        valid_from=turn + timedelta(days=1),
    )  # fmt: skip
    return lambda said: {"payment": said.payment(), "charge": said.receipt("charges")}


def provider_parts(case: Little, given: Given) -> Reader:
    lines = {}
    for which in ("first", "second"):
        contract = case.contract("placement")
        case.priced(contract, rate(given[f"{which} line"]))
        lines[which] = case.lined(contract, f"{case.name}/{which}", start_date=MONDAY)
    _contributes(case, given["contribution"], collector="provider")
    return lambda said: {f"paid for the {which}": said.payment(line) for which, line in lines.items()}


def never_charged(case: Little, given: Given) -> Reader:
    contract = case.contract("actuals")
    case.priced(contract, HOUR_AT_24)
    exempt = {"reablement": "reablement", "section 117 after-care": "s117"}.get(given["the line is"])
    started = MONDAY - timedelta(weeks=int(given["weeks since it began"]))
    case.lined(contract, start_date=started, exempt_reason=exempt)
    case.planned(60)
    case.visit(MONDAY, minutes=60 if given["outcome"] == "delivered" else None, outcome=given["outcome"])
    _contributes(case, "£100")
    return lambda said: {"payment": said.payment(), "charge": said.receipt("charges")}


def hospital_charges(case: Little, given: Given) -> Reader:
    basis = "placement" if given["care"] == "placement" else "actuals"
    contract = case.contract(basis)
    case.priced(contract, PLACEMENT if basis == "placement" else HOUR_AT_24)
    case.lined(contract, start_date=MONDAY)
    case.add("absences", person_id=case.person, kind="hospital", first_day=MONDAY, last_day=day("Sun 7 June"))
    _contributes(case, "£100")
    return lambda said: {"payment": said.payment(), "charge": said.receipt("charges")}


def top_ups(case: Little, given: Given) -> Reader:
    contract = case.contract("placement")
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=day(given["first day"]))
    case.add(
        "top_ups", person_id=case.person, line_id=case.line, payer_id=f"{case.name}/payer", amount_per_week=pence(given["top-up"]),
        collector=given["collected by"].removeprefix("the "), valid_from=LONG_AGO,
    )  # fmt: skip
    return lambda said: {"payment": said.payment(), "the payer's bill": pounds(said.amount("charges", payee_id=f"{case.name}/payer"))}


def top_up_keys(case: Little, given: Given) -> Reader:
    contract = case.contract("placement", week_start=given["the contract's weeks begin on"].lower())
    case.priced(contract, PLACEMENT)
    case.lined(contract, start_date=day("Sat 6 June"))
    payer = f"{case.name}/payer"
    case.add(
        "top_ups", person_id=case.person, line_id=case.line, payer_id=payer, amount_per_week=pence("£35"), collector="council",
        valid_from=LONG_AGO,
    )  # fmt: skip
    names = {payer: "the payer", case.person: "the person", case.line: "the line"}
    return lambda said: _top_up_key(said, names)


def _top_up_key(said: Said, names: dict[str, str]) -> Given:
    (receipt,) = (r for r in said.receipts if r["book"] == "charges")
    key = {part: names[receipt[f"{part}_id"]] for part in ("payee", "person", "line")}
    return {**key, "week": day_text(receipt["week"])}
