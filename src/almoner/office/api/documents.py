"""Files a provider's system asks for: remittances, acknowledgements, what was sent, the workbook, rows that were left out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from almoner.formats.actuals.reading import read_actuals
from almoner.formats.actuals.reading import rejected_rows as rejected_as_csv
from almoner.formats.actuals.workbook import write_workbook
from almoner.office.accounts.readers import reader_of
from almoner.office.actuals.queries import content_uploaded
from almoner.office.actuals.reasons import COMMON
from almoner.office.api.asked import missing
from almoner.office.api.shapes import Id, Number, Problem, Words
from almoner.office.enquiries.queries import attachment_content
from almoner.office.enquiries.reach import query_named
from almoner.office.exchange.remittances import document
from almoner.office.furniture.listing import XLSX, download
from almoner.office.parties.queries import provider_names
from almoner.office.runs.acknowledged import acknowledgement_pdf
from almoner.office.runs.submitted import file_sent, submitted
from almoner.office.runs.uploads import upload_preview
from almoner.office.runs.workbook_rows import workbook_rows

CSV, PDF, ANY = "text/csv; charset=utf-8", "application/pdf", "application/octet-stream"
BAD = {401: Problem, 404: Problem, 422: Problem}
routes = Router(tags=["Documents"])
InPath = Annotated[Id, Path(...)]


def _file(*media_types: str) -> dict[str, Any]:
    """What the document says of an answer that is a file."""
    content = {media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {"responses": {200: {"description": "The file", "content": content}}}


@routes.get(
    "/payments/{run_id}/documents/{kind}", response=BAD, url_name="payment-document", operation_id="payment_document",
    openapi_extra=_file(PDF, CSV, XLSX),
)  # fmt: skip
def payment_document(request: HttpRequest, run_id: InPath, kind: Annotated[Literal["pdf", "csv", "xlsx"], Path()]) -> Any:
    """A payment's remittance as it was issued, byte for byte. A token that is limited to sites or contracts gets none: it names
    everybody the payment is for."""
    found = document(reader_of(request), run_id, kind, request.at)  # type: ignore[attr-defined]
    if found is None:
        return missing(request, "api:payment-document")
    name, media_type, content = found
    return download(content, name, media_type)


@routes.get(
    "/submissions/{reference}/pdf", response=BAD, url_name="submission-pdf", operation_id="submission_pdf", openapi_extra=_file(PDF)
)
def submission_pdf(request: HttpRequest, reference: InPath) -> Any:
    """The acknowledgement of a submission as a PDF to keep."""
    found = submitted(reader_of(request), reference, request.at)  # type: ignore[attr-defined]
    if found is None:
        return missing(request, "api:submission-pdf")
    provider = found.submission.provider_id
    names = provider_names(request.at, [provider])  # type: ignore[attr-defined]
    content = acknowledgement_pdf(found, council=request.council.name, provider=names.get(provider, ""))  # type: ignore[attr-defined]
    return download(content, f"{reference}.pdf", PDF)


@routes.get(
    "/submissions/{reference}/file", response=BAD, url_name="submission-file", operation_id="submission_file",
    openapi_extra=_file("text/csv", XLSX, ANY),
)  # fmt: skip
def submission_file(request: HttpRequest, reference: InPath) -> Any:
    """What was sent, byte for byte; of a submission that was no file, the rows it wrote as CSV."""
    found = submitted(reader_of(request), reference, request.at)  # type: ignore[attr-defined]
    if found is None:
        return missing(request, "api:submission-file")
    name, content = file_sent(found.submission)
    return download(content, name, XLSX if name.lower().endswith((".xlsx", ".xlsm")) else CSV)


@routes.get("/workbook", response={401: Problem, 422: Problem}, url_name="workbook", operation_id="workbook", openapi_extra=_file(XLSX))
def workbook(
    request: HttpRequest, first: Annotated[date, Query()], weeks: Annotated[Literal["1", "2", "3", "4"], Query()] = "1", service: Words = ""
) -> HttpResponse:
    """The workbook of one to four weeks from a first day on: each planned visit that has begun, as planned or as it was submitted."""
    reader, at = reader_of(request), request.at  # type: ignore[attr-defined]
    rows = workbook_rows(reader, min(max(first, date(2000, 1, 1)), at.date()), int(weeks), service, at)
    reasons = sorted({reason for some in COMMON.values() for reason in some})
    return download(write_workbook(rows, reasons=reasons), f"actuals-{first}-{weeks}.xlsx", XLSX)


@routes.get(
    "/uploads/{number}/rejected", response=BAD, url_name="upload-rejected", operation_id="upload_rejected", openapi_extra=_file("text/csv")
)
def upload_rejected(request: HttpRequest, number: Annotated[Number, Path()]) -> Any:
    """The rows of an upload that were left out, as they came, with why in a last column: to be mended and sent again."""
    preview = upload_preview(reader_of(request), number, request.at)  # type: ignore[attr-defined]
    if preview is None:
        return missing(request, "api:upload-rejected")
    read = read_actuals(preview.shown.name, content_uploaded(number))
    return download(rejected_as_csv(read, preview.findings), f"rejected-{number}.csv", CSV)


@routes.get("/queries/{reference}/files/{number}", response=BAD, url_name="query-file", operation_id="query_file", openapi_extra=_file(ANY))
def query_file(request: HttpRequest, reference: InPath, number: Annotated[Number, Path()]) -> Any:
    """A file that was sent with a query, as it came."""
    found = query_named(reader_of(request), reference, request.at)  # type: ignore[attr-defined]
    kept = attachment_content(found.number, number) if found else None
    if kept is None:
        return missing(request, "api:query-file")
    return download(kept[2], kept[0], kept[1])
