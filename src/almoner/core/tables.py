"""Every table of facts: columns, kinds, units, meaning.

The one source for Arrow and DuckDB schemas, the CSV folder's checks, the database's columns and the documentation.
Inside, each table also carries `row`: the record number in its file (header = 1), or the order of recording in a
database; of two rows that say the same thing, the later row wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Kind(StrEnum):
    """How a cell is spelled in CSV and kept inside."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes or no"
    DATE = "date"
    INSTANT = "instant"
    TIME = "time of day"
    MONEY = "money"
    RATE = "rate"
    PERCENT = "percent"
    QUANTITY = "quantity"
    COUNT = "count"


# What one whole unit of a CSV cell is worth inside: £1 = 100 pence, £1 of a rate = 10,000 hundredths of a penny, …
SCALES: dict[Kind, int] = {Kind.MONEY: 100, Kind.RATE: 10_000, Kind.PERCENT: 100, Kind.QUANTITY: 100, Kind.COUNT: 1}
DECIMALS: dict[Kind, int] = {Kind.MONEY: 2, Kind.RATE: 4, Kind.PERCENT: 2, Kind.QUANTITY: 2, Kind.COUNT: 0}
ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CHOICE: pa.string(),
    Kind.YES_NO: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("s"),
    Kind.TIME: pa.time32("s"),
    Kind.MONEY: pa.int64(),
    Kind.RATE: pa.int64(),
    Kind.PERCENT: pa.int64(),
    Kind.QUANTITY: pa.int64(),
    Kind.COUNT: pa.int64(),
}


@dataclass(frozen=True)
class Column:
    """One column. `least` and `most` are in the internal unit; `default` is spelled as in CSV."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    refers_to: str | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Table:
    """One table of facts. `key` is its natural key: a second row with the same key replaces the first."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the table inside: `row` first, then the columns in order."""
        fields = [pa.field("row", pa.int64())] + [pa.field(c.name, ARROW[c.kind]) for c in self.columns]
        return pa.schema(fields)

    def empty(self) -> pa.Table:
        """The table with no rows."""
        return pa.Table.from_batches([], self.schema)  # `empty_table` would load pandas where it is installed


def _text(name: str, meaning: str, *, required: bool = False, refers_to: str | None = None) -> Column:
    return Column(name, Kind.TEXT, meaning, required=required, refers_to=refers_to)


def _date(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, meaning, required=required)


def _choice(name: str, choices: Iterable[str], meaning: str, *, default: str | None = None, required: bool = False) -> Column:
    return Column(name, Kind.CHOICE, meaning, required=required, default=default, choices=tuple(choices))


def _yes_no(name: str, default: str, meaning: str) -> Column:
    return Column(name, Kind.YES_NO, meaning, default=default)


def _number(
    name: str, kind: Kind, meaning: str, *, required: bool = False, default: str | None = None, least: int = 0, most: int | None = None
) -> Column:
    return Column(name, kind, meaning, required=required, default=default, least=least, most=most)


def _undated(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The same columns for a table of dated terms: a blank cell leaves the value as it was."""
    return tuple(Column(c.name, c.kind, c.meaning, choices=c.choices, least=c.least, most=c.most) for c in columns)


VALID_FROM = _date("valid_from", "first day it holds", required=True)
VALID_TO = _date("valid_to", "last day it holds; blank = open")

UNITS = ("hour", "visit", "day", "night", "week", "each")
BASES = ("actuals", "planned", "placement", "one_off")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_TYPES = ("any", "weekday", "weekend", "bank_holiday", *WEEKDAYS)
OUTCOMES = ("delivered", "extra", "frustrated", "missed", "cancelled")
NATIONS = ("england", "wales", "scotland", "northern_ireland")
BOOKS = ("payments", "claims", "charges")
HOLD_CODES = ("FUT", "DUP", "DTH", "DAT", "HOS", "RAT", "UNP", "TOL", "AUT", "AGR", "BNK", "CRD")
EXEMPT_REASONS = ("s117", "reablement", "chc", "cjd", "equipment")

MOST_PERCENT = 10_000  # 100 %
MOST_RATE = 100_000 * 10_000  # £100,000 an hour, visit, day, night or week
MOST_AMOUNT = 1_000_000_000 * 100  # £1,000,000,000

PEOPLE = Table(
    "people",
    "The people cared for.",
    (
        _text("person_id", "the council's number for the person", required=True),
        _text("family_name", "family name"),
        _text("given_names", "given names"),
        _date("date_of_birth", "date of birth"),
        _date("date_of_death", "date of death; ends every line (LIN-7)"),
        _text("nhs_number", "ten digits, checked modulo 11"),
        _text("postcode", "postcode"),
        _text("team", "the council team that answers for the person"),
    ),
    key=("person_id",),
    required=True,
)

PROVIDERS = Table(
    "providers",
    "The organisations that give care.",
    (
        _text("provider_id", "the council's number for the provider", required=True),
        _text("name", "name", required=True),
        _text("creditor_reference", "the finance system's number; without one nothing can be paid (CRD)"),
        _text("cqc_provider_id", "the regulator's number"),
        _text("email", "address for reminders"),
    ),
    key=("provider_id",),
    required=True,
)

SITES = Table(
    "sites",
    "Homes and branches of a provider.",
    (
        _text("site_id", "the site's number", required=True),
        _text("provider_id", "whose it is", required=True, refers_to="providers"),
        _text("name", "name", required=True),
        _text("cqc_location_id", "the regulator's number for the location"),
    ),
    key=("site_id",),
)

FUNDERS = Table(
    "funders",
    "Those who owe a share of the cost: integrated care boards, other councils.",
    (
        _text("funder_id", "the funder's number", required=True),
        _text("name", "name", required=True),
        _choice("kind", ("icb", "council", "other"), "what sort of body", default="other"),
    ),
    key=("funder_id",),
)

BANK_ACCOUNTS = Table(
    "bank_accounts",
    "Accounts by the first day they hold; the earlier account stands until then.",
    (
        _text("party_id", "provider or other payee", required=True),
        _text("sort_code", "six digits", required=True),
        _text("account_number", "eight digits", required=True),
        _text("account_name", "name of the account", required=True),
        VALID_FROM,
        _text("entered_by", "who entered it"),
        _text("verified_by", "who verified it; never the one who entered it"),
        _date("verified_on", "when it was verified"),
    ),
    key=("party_id", "valid_from"),
)

CONTRACT_DATED_COLUMNS = (
    _number("tolerance_percent", Kind.PERCENT, "how far claimed may differ from planned (HLD-1)", default="10", most=1_000_000),
    _choice("hold", ("person_week", "excess"), "what a breach of tolerance holds (HLD-1)", default="person_week"),
    _number("rounding_minutes", Kind.COUNT, "banding of minutes; 0 = exact (PRC-1)", default="0", most=1_440),
    _choice("rounding_mode", ("nearest", "up", "down"), "how minutes are banded (PRC-1)", default="nearest"),
    _yes_no("cap_at_planned", "no", "pay no visit for longer than planned (PRC-1)"),
    _choice("money_rounding", ("week", "visit"), "what is rounded to the penny (RND-2)", default="week"),
    _yes_no("pays_last_day", "yes", "whether a placement's last day is paid (LIN-3)"),
    _number("days_paid_after_death", Kind.COUNT, "days a placement is paid after a death (LIN-7)", default="0", most=366),
    _number("days_charged_after_death", Kind.COUNT, "days a placement is charged after a death (CHG-1)", default="0", most=366),
    _yes_no("needs_agreement", "no", "whether the provider must agree a line before it is paid (LIN-8)"),
    _text("release_reasons", "reasons that release a tolerance hold, separated by semicolons (HLD-2)"),
)

CONTRACTS = Table(
    "contracts",
    "The terms on which a provider gives one kind of care.",
    (
        _text("contract_id", "the contract's number", required=True),
        _text("provider_id", "with whom", required=True, refers_to="providers"),
        _text("service_type", "what is bought, e.g. home care", required=True),
        _text("site_id", "the home or branch", refers_to="sites"),
        _choice("nation", NATIONS, "whose bank holidays count (CAL-4)", default="england"),
        _choice("basis", BASES, "how a line earns (LIN)", required=True),
        _choice("cycle", ("weekly", "four_weekly", "monthly"), "how often it is paid (CAL-3)", default="four_weekly"),
        Column("cycle_anchor", Kind.DATE, "a first day of a four-week period", default="2026-04-06"),
        _choice("week_start", WEEKDAYS, "the first weekday of its weeks (CAL-2)", default="monday"),
        *CONTRACT_DATED_COLUMNS,
    ),
    key=("contract_id",),
    required=True,
)

CONTRACT_TERMS = Table(
    "contract_terms",
    "Terms of a contract that change from a date (CAL-5); a blank cell leaves the value as it was.",
    (_text("contract_id", "whose terms", required=True, refers_to="contracts"), VALID_FROM, VALID_TO, *_undated(CONTRACT_DATED_COLUMNS)),
    key=("contract_id", "valid_from"),
)

RATES = Table(
    "rates",
    "Prices of a contract's elements, by day type and band, with dates (PRC).",
    (
        _text("contract_id", "whose price", required=True, refers_to="contracts"),
        _text("element", "what is priced", required=True),
        _choice("unit", UNITS, "what one of it is", required=True),
        _choice("day_type", DAY_TYPES, "on which days", default="any"),
        _number("band_minutes_up_to", Kind.COUNT, "a flat price for visits of at most so many minutes (PRC-3)", least=1, most=1_440),
        _number("rate", Kind.RATE, "the price", required=True, most=MOST_RATE),
        VALID_FROM,
        VALID_TO,
    ),
    key=("contract_id", "element", "unit", "day_type", "band_minutes_up_to", "valid_from"),
)

LINE_DATED_COLUMNS = (
    _number("quantity_per_week", Kind.QUANTITY, "planned hours, visits or days a week; for a one-off how many", most=10_000_00),
    _text("cost_code", "the budget it is charged to"),
    _date("authorised_on", "when it was authorised; blank = not yet (AUT)"),
    _text("authorised_by", "who authorised it"),
    _date("agreed_on", "when the provider agreed it; blank = not yet (AGR)"),
    _yes_no("chargeable", "yes", "whether the person contributes to it (CHG)"),
    _choice("exempt_reason", EXEMPT_REASONS, "why the person is not charged for it (CHG-2)"),
)

LINES = Table(
    "lines",
    "Care package lines: one priced service for one person under one contract.",
    (
        _text("line_id", "the line's number", required=True),
        _text("person_id", "for whom", required=True, refers_to="people"),
        _text("contract_id", "under which contract", required=True, refers_to="contracts"),
        _text("element", "which priced element", required=True),
        _date("start_date", "first day", required=True),
        _date("end_date", "last day; blank = open; the day before the start = cancelled"),
        Column("rate", Kind.RATE, "the line's own price for its whole life", least=-MOST_AMOUNT * 100, most=MOST_AMOUNT * 100),
        _choice("rate_unit", UNITS, "what one of it is"),
        *LINE_DATED_COLUMNS,
    ),
    key=("line_id",),
    required=True,
)

LINE_TERMS = Table(
    "line_terms",
    "Terms of a line that change from a date (CAL-5); a blank cell leaves the value as it was.",
    (_text("line_id", "whose terms", required=True, refers_to="lines"), VALID_FROM, VALID_TO, *_undated(LINE_DATED_COLUMNS)),
    key=("line_id", "valid_from"),
)

LINE_RATES = Table(
    "line_rates",
    "A line's own price with dates (PRC-4).",
    (
        _text("line_id", "whose price", required=True, refers_to="lines"),
        _number("rate", Kind.RATE, "the price", required=True, most=MOST_RATE),
        _choice("unit", UNITS, "what one of it is", required=True),
        VALID_FROM,
        VALID_TO,
    ),
    key=("line_id", "valid_from"),
)

SCHEDULE = Table(
    "schedule",
    "The timetable: planned visits by weekday.",
    (
        _text("line_id", "whose visit", required=True, refers_to="lines"),
        _choice("weekday", WEEKDAYS, "on which weekday", required=True),
        Column("start_time", Kind.TIME, "planned start", required=True),
        _number("minutes", Kind.COUNT, "planned length", required=True, most=1_440),
        _number("carers", Kind.COUNT, "how many carers at once", default="1", least=1, most=20),
        VALID_FROM,
        VALID_TO,
    ),
    key=("line_id", "weekday", "start_time", "valid_from"),
)

ACTUALS = Table(
    "actuals",
    "What was delivered, visit by visit or as one total a week. The later submission replaces the earlier; it never adds.",
    (
        _text("line_id", "for which line", required=True),
        _date("date", "day of the visit; for a total the week's first day", required=True),
        _choice("kind", ("visit", "week"), "a visit or a week's total", default="visit"),
        Column("start_time", Kind.TIME, "the start that names the visit"),
        _number("planned_minutes", Kind.COUNT, "what was planned, where there is no timetable", most=1_440),
        Column("actual_start_time", Kind.TIME, "when it began (evidence only)"),
        _number("delivered_minutes", Kind.COUNT, "minutes given", most=10_080),
        _number("units", Kind.QUANTITY, "units given, for elements priced by day, night, visit or each", most=999_99),
        _number("carers", Kind.COUNT, "how many carers at once", default="1", least=1, most=20),
        _text("carer_id", "who gave it"),
        _choice("outcome", OUTCOMES, "what happened", default="delivered"),
        _text("reason", "reason code"),
        _text("comment", "the provider's words"),
        Column("submitted_at", Kind.INSTANT, "when it was submitted"),
    ),
    key=("line_id", "date", "kind", "start_time"),
)

ABSENCES = Table(
    "absences",
    "When the person was away from home or placement.",
    (
        _text("person_id", "who", required=True, refers_to="people"),
        _choice("kind", ("hospital", "holiday", "other"), "where", required=True),
        _date("first_day", "first day away", required=True),
        _date("last_day", "last day away; blank = still away"),
    ),
    key=("person_id", "kind", "first_day"),
)

ABSENCE_POLICY = Table(
    "absence_policy",
    "What a placement is paid while the person is away (LIN-3).",
    (
        _text("contract_id", "under which contract", required=True, refers_to="contracts"),
        _choice("kind", ("hospital", "holiday", "other"), "which absence", required=True),
        _number("from_day", Kind.COUNT, "from which day away; 1 = the first", required=True, least=1, most=36_600),
        _number("percent", Kind.PERCENT, "how much is paid", required=True, most=MOST_PERCENT),
        VALID_FROM,
        VALID_TO,
    ),
    key=("contract_id", "kind", "from_day", "valid_from"),
)

FRUSTRATION_POLICY = Table(
    "frustration_policy",
    "What a frustrated visit is paid (PRC-5).",
    (
        _text("contract_id", "under which contract", required=True, refers_to="contracts"),
        _text("reason", "which reason; blank = any"),
        _number("percent", Kind.PERCENT, "how much of the planned visit is paid", required=True, most=MOST_PERCENT),
        _number("max_days", Kind.COUNT, "for how many days; blank = no limit", most=36_600),
        VALID_FROM,
        VALID_TO,
    ),
    key=("contract_id", "reason", "valid_from"),
)

SHARES = Table(
    "shares",
    "Who funds a line: fixed amounts in order, then percentages; the council has the remainder (FND).",
    (
        _text("line_id", "which line", required=True, refers_to="lines"),
        _number("share_order", Kind.COUNT, "order of taking", required=True, most=1_000_000),
        _text("funder_id", "who owes it", required=True, refers_to="funders"),
        _number("amount_per_week", Kind.MONEY, "a fixed amount a week", most=MOST_AMOUNT),
        _number("percent", Kind.PERCENT, "or a percentage of gross", most=MOST_PERCENT),
        _choice("settlement", ("claim", "direct"), "claimed by the council, or paid direct to the provider", default="claim"),
        _text("scheme", "the scheme it belongs to"),
        VALID_FROM,
        VALID_TO,
    ),
    key=("line_id", "share_order", "valid_from"),
)

CONTRIBUTIONS = Table(
    "contributions",
    "What a person was assessed to contribute (CHG).",
    (
        _text("person_id", "who", required=True, refers_to="people"),
        _number("amount_per_week", Kind.MONEY, "the assessed contribution", required=True, most=MOST_AMOUNT),
        _choice("collector", ("council", "provider"), "who collects it", default="council"),
        VALID_FROM,
        VALID_TO,
    ),
    key=("person_id", "valid_from"),
)

TOP_UPS = Table(
    "top_ups",
    "What a third party adds to the council's rate (CHG-6).",
    (
        _text("person_id", "for whom", required=True, refers_to="people"),
        _text("line_id", "for which line", required=True, refers_to="lines"),
        _text("payer_id", "who pays it", required=True),
        _number("amount_per_week", Kind.MONEY, "how much", required=True, most=MOST_AMOUNT),
        _choice("collector", ("council", "provider"), "who collects it", default="council"),
        VALID_FROM,
        VALID_TO,
    ),
    key=("person_id", "line_id", "payer_id", "valid_from"),
)

PRIOR_RECEIPTS = Table(
    "prior_receipts",
    "Receipts sealed earlier.",
    (
        _text("provider_id", "which provider"),
        _choice("book", BOOKS, "which book", required=True),
        _text("payee_id", "who is paid or who owes"),
        _text("line_id", "which line"),
        _text("person_id", "which person"),
        _text("funder_id", "which funder"),
        _date("week", "the week's first day", required=True),
        Column("amount", Kind.MONEY, "signed amount", required=True, least=-MOST_AMOUNT, most=MOST_AMOUNT),
    ),
    key=(),
)

RELEASES = Table(
    "releases",
    "Decisions about holds: each filled cell must equal the hold's (HLD-4).",
    (
        _choice("decision", ("release", "uphold"), "what was decided", default="release"),
        _choice("code", HOLD_CODES, "which hold", required=True),
        _text("person_id", "for which person"),
        _text("provider_id", "for which provider"),
        _text("line_id", "for which line"),
        _date("week", "for which week"),
        _text("reason", "why", required=True),
        _text("by", "who decided"),
        Column("at", Kind.INSTANT, "when"),
    ),
    key=("code", "person_id", "provider_id", "line_id", "week"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PEOPLE, PROVIDERS, SITES, FUNDERS, BANK_ACCOUNTS, CONTRACTS, CONTRACT_TERMS, LINE_TERMS, RATES, LINES, LINE_RATES, SCHEDULE,
        ACTUALS, ABSENCES, ABSENCE_POLICY, FRUSTRATION_POLICY, SHARES, CONTRIBUTIONS, TOP_UPS, PRIOR_RECEIPTS, RELEASES,
    )
}  # fmt: skip

BANK_HOLIDAYS = pa.schema([("nation", pa.string()), ("date", pa.date32())])
"""Figures the calculation reads: the days each nation keeps, substitutes already put in place (CAL-4)."""

SCOPE = pa.schema([("person_id", pa.string()), ("from_date", pa.date32()), ("until_date", pa.date32())])
"""Which weeks a run recomputes: for each person, weeks whose first day is in [from_date, until_date)."""

RECEIPTS = pa.schema(
    [
        ("book", pa.string()), ("payee_id", pa.string()), ("person_id", pa.string()), ("line_id", pa.string()),
        ("provider_id", pa.string()), ("funder_id", pa.string()), ("week", pa.date32()), ("kind", pa.string()),
        ("amount_pence", pa.int64()),
    ]
)  # fmt: skip
"""What a run posts; absent ids are empty text. Sorted by these columns."""

HOLDS = pa.schema(
    [
        ("code", pa.string()), ("person_id", pa.string()), ("provider_id", pa.string()), ("line_id", pa.string()),
        ("week", pa.date32()), ("amount_pence", pa.int64()), ("message", pa.string()), ("remedy", pa.string()),
    ]
)  # fmt: skip
"""What is stopped and why; one row per code, line and week (`TOL`: person, provider and week)."""
