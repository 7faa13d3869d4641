"""Addresses of change orders, settings and bank details."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from almoner.office.changes.console import bank_details, orders, settings, uplift

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/changes", orders.changes_page, name="console-changes"),
    path("console/changes/new", orders.new_change_page, name="console-change-new"),
    path("console/changes/uplift", uplift.uplift_page, name="console-uplift"),
    path("console/changes/uplift/effect", uplift.uplift_effect_page, name="console-uplift-effect"),
    path("console/changes/<int:number>", orders.change_page, name="console-change"),
    path("console/changes/<int:number>/files/<int:file>", orders.change_file, name="console-change-file"),
    path("console/settings", settings.settings_page, name="console-settings"),
    path("console/settings/frustrated", settings.frustrated_page, name="console-settings-frustrated"),
    path("console/settings/absences", settings.absences_page, name="console-settings-absences"),
    path("console/settings/limits", settings.limit_page, name="console-settings-limits"),
    path("console/settings/terms", settings.terms_page, name="console-settings-terms"),
    path("console/settings/calendars", settings.calendars_page, name="console-settings-calendars"),
    path("console/settings/changes/<int:number>", settings.setting_page, name="console-settings-change"),
    path("console/settings/changes/<int:number>/files/<int:file>", settings.setting_file, name="console-settings-change-file"),
    path("console/bank-details", bank_details.bank_details_page, name="console-bank-details"),
    path("console/bank-details/new", bank_details.enter_page, name="console-bank-details-new"),
    path("console/bank-details/<str:party>/<str:first_day>", bank_details.one_account_page, name="console-bank-account"),
]
