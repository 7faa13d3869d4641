"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("person_id", models.TextField()),
                ("kind", models.TextField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_absences",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["person_id", "kind", "first_day", "version"], name="absences_key")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["hospital", "holiday", "other"])), name="absences_kind_known")
                ],
            },
        ),
        migrations.CreateModel(
            name="AbsencePolicy",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("contract_id", models.TextField()),
                ("kind", models.TextField()),
                ("from_day", models.BigIntegerField()),
                ("percent", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_absence_policy",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["contract_id", "kind", "from_day", "valid_from", "version"], name="absence_policy_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["hospital", "holiday", "other"])), name="absence_policy_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_day__gte", 1), ("from_day__lte", 36600)), name="absence_policy_from_day_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 10000)), name="absence_policy_percent_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("contract_id", models.TextField()),
                ("provider_id", models.TextField()),
                ("service_type", models.TextField()),
                ("site_id", models.TextField(null=True)),
                ("nation", models.TextField()),
                ("basis", models.TextField()),
                ("cycle", models.TextField()),
                ("cycle_anchor", models.DateField()),
                ("week_start", models.TextField()),
                ("tolerance_percent", models.BigIntegerField()),
                ("hold", models.TextField()),
                ("rounding_minutes", models.BigIntegerField()),
                ("rounding_mode", models.TextField()),
                ("cap_at_planned", models.BooleanField()),
                ("money_rounding", models.TextField()),
                ("pays_last_day", models.BooleanField()),
                ("days_paid_after_death", models.BigIntegerField()),
                ("days_charged_after_death", models.BigIntegerField()),
                ("needs_agreement", models.BooleanField()),
                ("release_reasons", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_contracts",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["contract_id", "version"], name="contracts_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("nation__in", ["england", "wales", "scotland", "northern_ireland"])),
                        name="contracts_nation_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["actuals", "planned", "placement", "one_off"])), name="contracts_basis_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cycle__in", ["weekly", "four_weekly", "monthly"])), name="contracts_cycle_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("week_start__in", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
                        ),
                        name="contracts_week_start_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tolerance_percent__gte", 0), ("tolerance_percent__lte", 1000000)),
                        name="contracts_tolerance_percent_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("hold__in", ["person_week", "excess"])), name="contracts_hold_known"),
                    models.CheckConstraint(
                        condition=models.Q(("rounding_minutes__gte", 0), ("rounding_minutes__lte", 1440)),
                        name="contracts_rounding_minutes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rounding_mode__in", ["nearest", "up", "down"])), name="contracts_rounding_mode_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("money_rounding__in", ["week", "visit"])), name="contracts_money_rounding_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_paid_after_death__gte", 0), ("days_paid_after_death__lte", 366)),
                        name="contracts_days_paid_after_death_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_charged_after_death__gte", 0), ("days_charged_after_death__lte", 366)),
                        name="contracts_days_charged_after_death_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractTerms",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("contract_id", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("tolerance_percent", models.BigIntegerField(null=True)),
                ("hold", models.TextField(null=True)),
                ("rounding_minutes", models.BigIntegerField(null=True)),
                ("rounding_mode", models.TextField(null=True)),
                ("cap_at_planned", models.BooleanField(null=True)),
                ("money_rounding", models.TextField(null=True)),
                ("pays_last_day", models.BooleanField(null=True)),
                ("days_paid_after_death", models.BigIntegerField(null=True)),
                ("days_charged_after_death", models.BigIntegerField(null=True)),
                ("needs_agreement", models.BooleanField(null=True)),
                ("release_reasons", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_contract_terms",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["contract_id", "valid_from", "version"], name="contract_terms_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tolerance_percent__gte", 0), ("tolerance_percent__lte", 1000000)),
                        name="contract_terms_tolerance_percent_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("hold__in", ["person_week", "excess"])), name="contract_terms_hold_known"),
                    models.CheckConstraint(
                        condition=models.Q(("rounding_minutes__gte", 0), ("rounding_minutes__lte", 1440)),
                        name="contract_terms_rounding_minutes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rounding_mode__in", ["nearest", "up", "down"])), name="contract_terms_rounding_mode_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("money_rounding__in", ["week", "visit"])), name="contract_terms_money_rounding_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_paid_after_death__gte", 0), ("days_paid_after_death__lte", 366)),
                        name="contract_terms_days_paid_after_death_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_charged_after_death__gte", 0), ("days_charged_after_death__lte", 366)),
                        name="contract_terms_days_charged_after_death_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrustrationPolicy",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("contract_id", models.TextField()),
                ("reason", models.TextField(null=True)),
                ("percent", models.BigIntegerField()),
                ("max_days", models.BigIntegerField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_frustration_policy",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["contract_id", "reason", "valid_from", "version"], name="frustration_policy_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 0), ("percent__lte", 10000)), name="frustration_policy_percent_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_days__gte", 0), ("max_days__lte", 36600)), name="frustration_policy_max_days_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("line_id", models.TextField()),
                ("person_id", models.TextField()),
                ("contract_id", models.TextField()),
                ("element", models.TextField()),
                ("start_date", models.DateField()),
                ("end_date", models.DateField(null=True)),
                ("rate", models.BigIntegerField(null=True)),
                ("rate_unit", models.TextField(null=True)),
                ("quantity_per_week", models.BigIntegerField(null=True)),
                ("cost_code", models.TextField(null=True)),
                ("authorised_on", models.DateField(null=True)),
                ("authorised_by", models.TextField(null=True)),
                ("agreed_on", models.DateField(null=True)),
                ("chargeable", models.BooleanField()),
                ("exempt_reason", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_lines",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["line_id", "version"], name="lines_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", -10000000000000), ("rate__lte", 10000000000000)), name="lines_rate_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rate_unit__in", ["hour", "visit", "day", "night", "week", "each"])),
                        name="lines_rate_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity_per_week__gte", 0), ("quantity_per_week__lte", 1000000)),
                        name="lines_quantity_per_week_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("exempt_reason__in", ["s117", "reablement", "chc", "cjd", "equipment"])),
                        name="lines_exempt_reason_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineRate",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("line_id", models.TextField()),
                ("rate", models.BigIntegerField()),
                ("unit", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_line_rates",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["line_id", "valid_from", "version"], name="line_rates_key")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("rate__gte", 0), ("rate__lte", 1000000000)), name="line_rates_rate_known"),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["hour", "visit", "day", "night", "week", "each"])), name="line_rates_unit_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineTerms",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("line_id", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("quantity_per_week", models.BigIntegerField(null=True)),
                ("cost_code", models.TextField(null=True)),
                ("authorised_on", models.DateField(null=True)),
                ("authorised_by", models.TextField(null=True)),
                ("agreed_on", models.DateField(null=True)),
                ("chargeable", models.BooleanField(null=True)),
                ("exempt_reason", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_line_terms",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["line_id", "valid_from", "version"], name="line_terms_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity_per_week__gte", 0), ("quantity_per_week__lte", 1000000)),
                        name="line_terms_quantity_per_week_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("exempt_reason__in", ["s117", "reablement", "chc", "cjd", "equipment"])),
                        name="line_terms_exempt_reason_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisit",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("line_id", models.TextField()),
                ("weekday", models.TextField()),
                ("start_time", models.TimeField()),
                ("minutes", models.BigIntegerField()),
                ("carers", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_schedule",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["line_id", "weekday", "start_time", "valid_from", "version"], name="schedule_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__in", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])),
                        name="schedule_weekday_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("minutes__gte", 0), ("minutes__lte", 1440)), name="schedule_minutes_known"),
                    models.CheckConstraint(condition=models.Q(("carers__gte", 1), ("carers__lte", 20)), name="schedule_carers_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("contract_id", models.TextField()),
                ("element", models.TextField()),
                ("unit", models.TextField()),
                ("day_type", models.TextField()),
                ("band_minutes_up_to", models.BigIntegerField(null=True)),
                ("rate", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_rates",
                "ordering": ["version"],
                "indexes": [
                    models.Index(
                        fields=["contract_id", "element", "unit", "day_type", "band_minutes_up_to", "valid_from", "version"],
                        name="rates_key",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["hour", "visit", "day", "night", "week", "each"])), name="rates_unit_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "day_type__in",
                                [
                                    "any",
                                    "weekday",
                                    "weekend",
                                    "bank_holiday",
                                    "monday",
                                    "tuesday",
                                    "wednesday",
                                    "thursday",
                                    "friday",
                                    "saturday",
                                    "sunday",
                                ],
                            )
                        ),
                        name="rates_day_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band_minutes_up_to__gte", 1), ("band_minutes_up_to__lte", 1440)),
                        name="rates_band_minutes_up_to_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("rate__gte", 0), ("rate__lte", 1000000000)), name="rates_rate_known"),
                ],
            },
        ),
        Sealed("almoner_absences"),
        Sealed("almoner_absence_policy"),
        Sealed("almoner_contracts"),
        Sealed("almoner_contract_terms"),
        Sealed("almoner_frustration_policy"),
        Sealed("almoner_lines"),
        Sealed("almoner_line_rates"),
        Sealed("almoner_line_terms"),
        Sealed("almoner_schedule"),
        Sealed("almoner_rates"),
    ]
