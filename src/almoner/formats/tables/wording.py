"""Every doubt this package can raise about a folder of tables: its code, how grave it is, and the two sentences it is said in.

The sentences are templates. Each may use `{table}`, `{column}`, `{value}`, `{row}`, `{file}` and what its check adds.
"""

from __future__ import annotations

from dataclasses import dataclass

from almoner.core.findings import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True)
class Wording:
    """How one code is said. `message` tells what is the matter and why it matters; `remedy` what to do."""

    severity: Severity
    message: str
    remedy: str


def _error(message: str, remedy: str) -> Wording:
    return Wording(ERROR, message, remedy)


def _warning(message: str, remedy: str) -> Wording:
    return Wording(WARNING, message, remedy)


def _note(message: str, remedy: str) -> Wording:
    return Wording(NOTE, message, remedy)


FILES: dict[str, Wording] = {
    "missing_table": _error(
        "The table {table} is required and is not in the folder, so whatever refers to it is left out.",
        "Add {table}.csv, {table}.parquet or a sheet named {table}.",
    ),
    "unknown_file": _warning(
        "{file} is not the name of any table, so it is not read.",
        "If it was meant as a table, give it that table's name; otherwise move it out of the folder.{hint}",
    ),
    "two_sources": _warning(
        "The table {table} is in the folder more than once ({file}); only {chosen} is read.",
        "Keep one of them and move the others away.",
    ),
    "unreadable_file": _error(
        "{file} could not be read: {reason}.", "Check that the file opens on this computer, then save or export it again."
    ),
    "not_csv": _error("{file} is not a CSV file: it looks like {looks}.", "{advice}"),
    "empty_file": _error("{file} is empty: it has not even a header row.", "Export the table again, with its header row."),
    "no_rows": _warning("{file} has a header and no rows, and {table} is a table that nothing works without.", "Export the table again."),
    "missing_column": _error(
        "{file} has no column {column}, which is required, so none of its rows can be used.{hint}",
        "Add the column {column} with a value in every row.",
    ),
    "duplicate_column": _error(
        "{file} has more than one column named {column}, so it is not clear which to use, and none of its rows is used.",
        "Keep one column named {column} and remove or rename the others.",
    ),
    "unknown_column": _warning(
        "{file} has a column “{column}” that {table} does not have; it is ignored.",
        "Nothing need be done if it is not wanted.{hint}",
    ),
    "ambiguous_units": _error(
        "The column {column} of {file} holds fractions as numbers, so it is not clear whether it is in {unit}; the table is left out.",
        "Write the column as integers in {unit}, or as text spelled as in CSV.",
    ),
}

RECORDS: dict[str, Wording] = {
    "too_many_broken": _error(
        "More than {most} rows of {file}, the first of them row {row}, are broken or do not have as many cells as the header, so none of"
        " it is used; often a quotation mark is opened in one row and never closed, or the file holds something else.",
        "Look at row {row} first, mend the file and read it again.",
    ),
    "long_cell": _error(
        "The cell is longer than {longest} bytes, which no fact is; often a quotation mark has swallowed many rows.",
        "Close the quotation mark where the cell ends, or shorten what it says.",
    ),
    "too_many_cells": _error(
        "The row has {found} cells where the header has {expected}; often a comma inside a cell that is not in quotation marks.",
        'Put the cell that holds the comma in quotation marks ("…"), or take the extra cells away.',
    ),
    "too_few_cells": _error(
        "The row has {found} cells where the header has {expected}, so it is not clear which are missing.",
        "Give the row a cell for every column; leave a cell blank where there is nothing to say.",
    ),
    "unbalanced_quote": _error(
        "A quotation mark in this row is opened and not closed, or closed in the middle of a cell.",
        'Close it, or write a quotation mark inside a cell twice ("").',
    ),
}

CELLS: dict[str, Wording] = {
    "bad_encoding": _error(
        "The cell is not in UTF-8; the file looks like {looks}.",
        "Save the file again as “CSV UTF-8”, or export it with the encoding UTF-8.",
    ),
    "nul_character": _error(
        "The cell holds a NUL character, which no text has; the file may be damaged.", "Export the file again, or retype the cell."
    ),
    "blank_required": _error("The cell is blank, and {column} is required.", "Fill in {column}."),
    "wrong_number": _error("“{value}” is not {expected}.", "{advice}"),
    "too_many_decimals": _error(
        "“{value}” has more decimals than {column} may have ({decimals}); rounding it would be a guess.",
        "Write it with at most {decimals} decimals.",
    ),
    "float_noise": _note(
        "“{value}” is within a millionth of a whole {step} of {taken} and is taken as {taken}.",
        "Nothing need be done; the system that wrote it keeps numbers as floating point.",
    ),
    "below_least": _error("“{value}” is less than {column} may be ({least}).", "Write a value of {least} or more."),
    "above_most": _error("“{value}” is more than {column} may be ({most}).", "Write a value of {most} or less."),
    "not_a_choice": _error("“{value}” is not one of the values of {column}.", "Write one of: {choices}."),
    "not_yes_no": _error("“{value}” is neither yes nor no.", "Write yes or no."),
    "wrong_date": _error("“{value}” is not a date spelled YYYY-MM-DD.", "Write the date as for example 2026-04-06."),
    "impossible_date": _error("“{value}” is spelled as a date, but there is no such day.", "Correct the day, the month or the year."),
    "unlikely_date": _error(
        "The date {value} is before 1900 or after 2199, which can only be a slip.", "Correct the year; leave an open last date blank."
    ),
    "taken_as_open": _note("The last date {value} is so far away that it is read as open.", "Leave the cell blank to say that it is open."),
    "wrong_instant": _error(
        "“{value}” is not a date and time spelled YYYY-MM-DDTHH:MM:SS.",
        "Write it as for example 2026-04-06T09:30:00, in local time and without a time zone.",
    ),
    "impossible_instant": _error(
        "“{value}” is spelled as a date and time, but there is no such moment.", "Correct the date or the time of day."
    ),
    "wrong_time": _error("“{value}” is not a time of day spelled HH:MM, from 00:00 to 23:59.", "Write the time as for example 09:30."),
}

ROWS: dict[str, Wording] = {
    "long_visit": _error(
        "A visit of {value} minutes is longer than a day.", "Correct the minutes; a week's total is a row whose kind is week."
    ),
    "nothing_delivered": _error(
        "The row says that care was given and has neither delivered_minutes nor units, so it cannot be priced.",
        "Fill in delivered_minutes, or units for care priced by day, night, visit or each.",
    ),
    "ends_before_start": _error("The last date, {value}, is before the first, {first}.", "Correct one of the two dates."),
    "share_unclear": _error(
        "A share is either an amount a week or a percentage; this row has {value}.", "Fill in exactly one of amount_per_week and percent."
    ),
    "shares_over_hundred": _error(
        "With this row the percentages of line {line_id} come to {total} % on {day}; nobody can owe more than the whole.",
        "Lower the percentage, or end an earlier share before {day}.",
    ),
    "negative_rate": _error(
        "A rate below nothing is a correction from outside and belongs to a one-off contract only; this one is {basis}.",
        "Give the line a contract whose basis is one_off, or correct the rate.",
    ),
    "no_effect": _warning(
        "The line {value} is paid as {basis}, so this row of {table} changes nothing (LIN-3).",
        "Take the row away, or correct the line it names.",
    ),
    "nhs_number": _warning(
        "“{value}” is not a valid NHS number: ten digits whose last one checks the others.", "Look the number up again."
    ),
    "self_verified": _warning(
        "The account was verified by the one who entered it ({value}), so payments to it are held (BNK).",
        "Let a second person verify the account.",
    ),
    "sort_code": _error("“{value}” is not a sort code: six digits.", "Correct it; a sort code of five digits has lost its leading zero."),
    "account_number": _error(
        "“{value}” is not an account number: eight digits.", "Correct it; a shorter one has most often lost its leading zeros."
    ),
}

REFERENCES: dict[str, Wording] = {
    "unknown_reference": _error("There is no row of {parent} with {parent_column} “{value}”.", "Add it to {parent}, or correct the cell."),
    "reference_left_out": _error(
        "It refers to “{value}”, and row {parent_row} of {parent} was itself left out.", "Mend row {parent_row} of {parent} first."
    ),
    "reference_unread": _error(
        "{count} rows are left out, because they refer to {parent} and no row of {parent} could be used.", "Mend the table {parent} first."
    ),
    "unknown_line": _warning(
        "There is no line “{value}”, so the care reported here is held and not paid (UNP).{hint}",
        "Add the line to lines, or correct the cell.",
    ),
}

COMPARISONS: dict[str, Wording] = {
    "duplicate_key": _error(
        "Row {last} has the same {key} and says something else; the later row is used and this one is left out.",
        "Keep the row that is right and take the other away.",
    ),
    "repeated_row": _warning("Row {last} says exactly the same; it is used and this one is left out.", "Take one of the two rows away."),
    "replaced_decision": _note(
        "Row {last} decides later about the same hold, and counts instead of this one.",
        "Nothing need be done if the later decision is meant to stand.",
    ),
    "replaced_actual": _note("Row {last} reports the same visit or week and replaces this one.", "Nothing need be done."),
    "overlap": _warning(
        "From {value} the row overlaps row {other}, which has the same {key} and {until}.",
        "End the earlier row on the day before, or take one of the two away.",
    ),
}

CODES: dict[str, Wording] = FILES | RECORDS | CELLS | ROWS | REFERENCES | COMPARISONS
"""Every code by name, for the documentation and for the tests."""
