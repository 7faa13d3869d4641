"""The portal's addresses of actuals and submissions."""

from __future__ import annotations

from datetime import date

from django.urls import URLPattern, URLResolver, path, register_converter

from almoner.office.furniture.typed import day_typed
from almoner.office.runs.portal import actuals, actuals_files, actuals_week, submissions


class FirstDay:
    """A day in an address: `2026-06-01`."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; ValueError for none there is, which is no such page."""
        day = day_typed(value)
        if day is None:
            raise ValueError(value)
        return day

    def to_url(self, value: date) -> str:
        """The day as the address spells it."""
        return value.isoformat()


register_converter(FirstDay, "first_day")

WEEK = "portal/actuals/<first_day:week>/<str:person>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/actuals", actuals.weeks_page, name="portal-actuals"),
    path("portal/actuals/check", actuals.check_page, name="portal-actuals-check"),
    path("portal/actuals/files", actuals_files.files_page, name="portal-actuals-files"),
    path("portal/actuals/files/workbook", actuals_files.workbook, name="portal-actuals-workbook"),
    path("portal/actuals/files/<int:upload>", actuals_files.upload_page, name="portal-upload"),
    path("portal/actuals/files/<int:upload>/rejected", actuals_files.rejected_rows, name="portal-upload-rejected"),
    path("portal/actuals/files/<int:upload>/rows/<int:row>", actuals_files.left_out_page, name="portal-upload-row"),
    path("portal/actuals/files/<int:upload>/discard", actuals_files.discard_page, name="portal-upload-discard"),
    path(WEEK, actuals_week.week_page, name="portal-week"),
    path(f"{WEEK}/again", actuals_week.start_again_page, name="portal-week-again"),
    path(f"{WEEK}/<first_day:day>", actuals_week.day_page, name="portal-week-day"),
    path("portal/submissions", submissions.submissions_page, name="portal-submissions"),
    path("portal/submissions/<str:reference>", submissions.submission_page, name="portal-submission"),
    path("portal/submissions/<str:reference>/pdf", submissions.submission_pdf, name="portal-submission-pdf"),
    path("portal/submissions/<str:reference>/file", submissions.submission_file, name="portal-submission-file"),
]
