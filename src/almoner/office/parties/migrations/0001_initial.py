"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("party_id", models.TextField()),
                ("sort_code", models.TextField()),
                ("account_number", models.TextField()),
                ("account_name", models.TextField()),
                ("valid_from", models.DateField()),
                ("entered_by", models.TextField(null=True)),
                ("verified_by", models.TextField(null=True)),
                ("verified_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_bank_accounts",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["party_id", "valid_from", "version"], name="bank_accounts_key")],
            },
        ),
        migrations.CreateModel(
            name="Funder",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("funder_id", models.TextField()),
                ("name", models.TextField()),
                ("kind", models.TextField()),
            ],
            options={
                "db_table": "almoner_funders",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["funder_id", "version"], name="funders_key")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["icb", "council", "other"])), name="funders_kind_known")
                ],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("provider_id", models.TextField()),
                ("name", models.TextField()),
                ("creditor_reference", models.TextField(null=True)),
                ("cqc_provider_id", models.TextField(null=True)),
                ("email", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_providers",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["provider_id", "version"], name="providers_key")],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("version", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(help_text="when it became known")),
                ("recorded_by", models.TextField(help_text="who recorded it")),
                ("batch", models.BigIntegerField(help_text="the import it came with; blank = entered by hand", null=True)),
                ("withdrawn", models.BooleanField(help_text="the fact no longer stands; the columns repeat what stood")),
                ("site_id", models.TextField()),
                ("provider_id", models.TextField()),
                ("name", models.TextField()),
                ("cqc_location_id", models.TextField(null=True)),
            ],
            options={
                "db_table": "almoner_sites",
                "ordering": ["version"],
                "indexes": [models.Index(fields=["site_id", "version"], name="sites_key")],
            },
        ),
        Sealed("almoner_bank_accounts"),
        Sealed("almoner_funders"),
        Sealed("almoner_providers"),
        Sealed("almoner_sites"),
    ]
