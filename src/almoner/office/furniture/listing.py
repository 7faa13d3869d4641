"""Tables on pages: sorted, paged, totalled and downloaded in one way, in the query string, so that a view can be sent to a colleague."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlparse

import xlsxwriter
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from almoner.formats.cells import safe_text
from almoner.office.furniture import words
from almoner.office.furniture.shown_as import ROWS, shown_as

Row = Mapping[str, Any]
PORTAL_AT_FIRST, CONSOLE_AT_FIRST = 8, 12
"""How many columns of a table stand on a page until somebody chooses."""
VIEWS, MOST_VIEWS = "views", 20
NO_SHEET = re.compile(r"[\[\]:*?/\\]")
"""What no name of a sheet may have in it."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Heading:
    """A column. `kind`: text, id, pounds, date, moment, minutes, number, status or links (each a word, an address and what is said of it to
    those who cannot see the table around it; not in a download). `status` names the kind of thing whose states the
    cells hold; `link` gives the address a cell leads to, or None; `hidden` stands before the link's words for those who cannot see the
    table around it. A `further` column is seen once somebody chooses it, and always in a download."""

    name: str
    words: str
    kind: str = "text"
    link: Callable[[Row], str | None] | None = None
    status: str = ""
    total: bool = False
    sortable: bool = True
    further: bool = False

    @property
    def is_numeric(self) -> bool:
        """Whether cells stand at the right."""
        return self.kind in ("pounds", "minutes", "number")


@dataclass(frozen=True)
class Listing:
    """A whole table: every row there is after filtering. `order` is the column sorted by at first; `-` before it turns it round.

    `row_heading` names the column that names the row. `empty` says what would fill the table, and when. Without an `order` the rows stay
    as they are given, and `order_words` says how that is. Without `downloads` the table is only looked at. `in_words` adds to a row what
    is only read: it is asked for the rows that stand on the page, and in a download.
    """

    name: str
    caption: str
    headings: tuple[Heading, ...]
    rows: Sequence[Row]
    order: str
    empty: str
    row_heading: str = ""
    noun: str = "rows"
    order_words: str = ""
    downloads: bool = True
    in_words: Callable[[Row], Row] | None = None


@dataclass(frozen=True)
class Listed:
    """What of a listing stands on the page now."""

    listing: Listing
    page: Page[Row]
    order: str
    totals: Mapping[str, int]
    query: QueryDict = field(repr=False)
    headings: tuple[Heading, ...] = ()
    per_page: int = ROWS[0]
    is_comfortable: bool = False
    can_choose: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether somebody just sorted or filtered: then it is told to those who do not see it."""
        return any(name not in ("page", "rows") for name in self.query)

    @property
    def before_totals(self) -> int:
        """How many columns stand before the first that has a total: there is room for what the totals are of."""
        return next((number for number, heading in enumerate(self.headings) if heading.total and number), 1)

    @property
    def other_rows(self) -> int:
        """The number of rows a page that it could have instead."""
        return next(rows for rows in ROWS if rows != self.per_page)

    def address(self, **changed: object) -> str:
        """The same page with parts of the query string changed; None takes a part away."""
        query = self.query.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}"

    def sort_address(self, heading: Heading) -> str:
        """Sorts by a column, or turns the order round."""
        return self.address(sort=f"-{heading.name}" if self.order == heading.name else heading.name, page=None)

    def aria_sort(self, heading: Heading) -> str:
        """How the column is sorted now, in ARIA's words."""
        return {heading.name: "ascending", f"-{heading.name}": "descending"}.get(self.order, "none")

    def said(self) -> str:
        """The caption's second half: how many rows, in which order."""
        column = next((h for h in self.listing.headings if h.name == self.order.lstrip("-")), None)
        by = column.words.lower() if column else self.listing.order_words
        turn = f", {_turned(column)}" if column and self.order.startswith("-") else ""
        return self.counted() + (f", sorted by {by}{turn}" if by else "")

    def counted(self) -> str:
        """`1,187 rows`, `1 query`."""
        count, noun = self.page.paginator.count, self.listing.noun
        if count == 1:
            noun = "person" if noun == "people" else f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
        return f"{count:,} {noun}"


def _turned(heading: Heading) -> str:
    """What stands first when the order of a column is turned round."""
    return "newest first" if heading.kind in ("date", "moment") else "largest first" if heading.is_numeric else "from the end"


def listed(request: HttpRequest, listing: Listing) -> Listed:
    """The page, order, columns and totals that the query string and the reader's account ask for; an unknown column or page is the first
    one."""
    order, chosen = _order(request, listing), shown_as(request)
    rows = sorted_rows(listing.rows, order)
    totals = {h.name: sum(row[h.name] or 0 for row in listing.rows) for h in listing.headings if h.total}
    asked = request.GET.get("rows", "")
    per_page = int(asked) if asked in map(str, ROWS) else chosen.rows
    headings = shown_headings(request, listing)
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    page.object_list = told_in_words(listing, page.object_list)
    return Listed(
        listing, page, order, totals, request.GET, headings, per_page,
        chosen.is_comfortable, len(listing.headings) > len(at_first(request, listing)),
    )  # fmt: skip


def told_in_words(listing: Listing, rows: Iterable[Row]) -> list[Row]:
    """The rows with what is only read."""
    return [listing.in_words(row) for row in rows] if listing.in_words else list(rows)


def table_name(request: HttpRequest) -> str:
    """By which name the choice of a table's columns is kept: its page's."""
    return request.resolver_match.view_name if request.resolver_match else ""


def at_first(request: HttpRequest, listing: Listing) -> tuple[Heading, ...]:
    """The columns that stand on the page until somebody chooses: all that are not further ones, and of too many the first."""
    is_console = getattr(getattr(request, "reader", None), "side", "") == "council"
    most = CONSOLE_AT_FIRST if is_console else PORTAL_AT_FIRST
    near = [heading for heading in listing.headings if not heading.further]
    if len(near) <= most:
        return tuple(near)
    # What leads somewhere without saying anything itself stays: nobody would look for an action among the columns.
    leading = [heading for heading in near if (heading.link or heading.kind == "links") and not heading.sortable]
    kept = [heading for heading in near if heading not in leading][: most - len(leading)]
    return tuple(heading for heading in near if heading in leading or heading in kept)


def shown_headings(request: HttpRequest, listing: Listing) -> tuple[Heading, ...]:
    """The columns that stand on the page now; the one that names the row always does."""
    names = shown_as(request).columns.get(table_name(request), ())
    chosen = tuple(heading for heading in listing.headings if heading.name in names or heading.name == listing.row_heading)
    return chosen if any(heading.name in names for heading in listing.headings) else at_first(request, listing)


def _order(request: HttpRequest, listing: Listing) -> str:
    """The order that is asked for, if it is one by a column that can be sorted by."""
    asked = request.GET.get("sort", "")
    return asked if asked.lstrip("-") in {heading.name for heading in listing.headings if heading.sortable} else listing.order


def sorted_rows(rows: Sequence[Row], order: str) -> list[Row]:
    """The rows by one column, empty cells last in either direction; rows that tie keep their order."""
    name = order.lstrip("-")
    filled = [row for row in rows if row.get(name) not in (None, "")]
    filled.sort(key=lambda row: row[name], reverse=order.startswith("-"))
    return [*filled, *(row for row in rows if row.get(name) in (None, ""))]


def answer(request: HttpRequest, template: str, listing: Listing, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page with its table as `listed`; the whole filtered table as a file when `?download=csv` or `xlsx` asks for it; the page on which
    its columns are chosen for `?choose=columns`. Back from a row, the view that was left is come back to."""
    wanted = request.GET.get("download")
    if wanted in ("csv", "xlsx") and listing.downloads:
        rows = told_in_words(listing, sorted_rows(listing.rows, _order(request, listing)))
        content = as_csv(listing, rows) if wanted == "csv" else as_xlsx(listing, rows)
        return download(content, f"{listing.name}.{wanted}", "text/csv; charset=utf-8" if wanted == "csv" else XLSX)
    if request.GET.get("choose") == "columns":
        query = request.GET.copy()
        query.pop("choose")
        told = {
            "listing": listing, "shown": {heading.name for heading in shown_headings(request, listing)}, "table": table_name(request),
            "back": f"{request.path}?{query.urlencode()}" if query else request.path,
        }  # fmt: skip
        return render(request, "furniture/columns.html", told)
    left = view_left(request) if request.method == "GET" else None
    if left:
        return redirect(left)
    return render(request, template, {**(context or {}), "listed": listed(request, listing)})


def view_left(request: HttpRequest) -> str | None:
    """The address of the view of this list that somebody left for one of its rows, if they come back from there to the list as such.

    Which view that is stands in the session: it is no choice to be kept, and no fact.
    """
    views: dict[str, str] = request.session.get(VIEWS, {})
    if request.GET:
        if views.get(request.path) != (now := request.GET.urlencode()):
            others = {path: query for path, query in views.items() if path != request.path}
            request.session[VIEWS] = dict([*others.items(), (request.path, now)][-MOST_VIEWS:])
        return None
    if request.path not in views:
        return None
    came_from = urlparse(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path.startswith(f"{request.path}/"):
        return f"{request.path}?{views[request.path]}"
    request.session[VIEWS] = {path: query for path, query in views.items() if path != request.path}
    return None


def download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to keep."""
    kept_as = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": kept_as})


def as_csv(listing: Listing, rows: Sequence[Row]) -> bytes:
    """The rows as CSV with headings, UTF-8 with its mark so that spreadsheets read the pound sign."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    headings = [heading for heading in listing.headings if heading.kind != "links"]
    writer.writerow([heading.words for heading in headings])
    writer.writerows([[_cell(heading, row) for heading in headings] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(listing: Listing, rows: Sequence[Row]) -> bytes:
    """The rows as a workbook with one sheet; text is text, never a formula."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(NO_SHEET.sub("-", listing.name)[:31].strip("'"))
    bold, money, dated = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "#,##0.00"}),
        book.add_format({"num_format": "d mmm yyyy"}),
    )
    for column, heading in enumerate(heading for heading in listing.headings if heading.kind != "links"):
        sheet.write_string(0, column, heading.words, bold)
        for number, row in enumerate(rows, 1):
            value = row.get(heading.name)
            if value is None or value == "":
                continue
            if heading.kind == "pounds":
                sheet.write_number(number, column, value / 100, money)
            elif heading.kind in ("minutes", "number"):
                sheet.write_number(number, column, value)
            elif heading.kind == "date":
                sheet.write_datetime(number, column, datetime.combine(value, datetime.min.time()), dated)
            else:
                sheet.write_string(number, column, str(_cell(heading, row)))
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return content.getvalue()


def _cell(heading: Heading, row: Row) -> str:
    value = row.get(heading.name)
    if value is None:
        return ""
    if heading.kind == "pounds":
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02}"
    if isinstance(value, datetime):
        return words.local(value).isoformat(" ", "minutes")[:16]
    if isinstance(value, date):
        return value.isoformat()
    if heading.status:
        from almoner.office.furniture.statuses import status

        return status(heading.status, str(value)).word
    # A cell that a spreadsheet would take for a formula is text, and stays so.
    return safe_text(str(value)) if heading.kind in ("text", "id") else str(value)
