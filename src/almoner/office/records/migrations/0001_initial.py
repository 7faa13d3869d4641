"""The tables as they begin, and what may never change in them."""

import django.db.models.deletion
from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Horizon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_horizon",
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("source", models.TextField(help_text="the folder's or file's own name, without its path")),
                ("sha256", models.TextField()),
            ],
            options={
                "db_table": "almoner_import_batches",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ImportedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.TextField()),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="files", to="records.importbatch")),
            ],
            options={
                "db_table": "almoner_imported_files",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ImportedTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.TextField()),
                ("read", models.BigIntegerField()),
                ("new", models.BigIntegerField()),
                ("updated", models.BigIntegerField()),
                ("unchanged", models.BigIntegerField()),
                ("rejected", models.BigIntegerField()),
                ("withdrawn", models.BigIntegerField()),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="tables", to="records.importbatch")),
            ],
            options={
                "db_table": "almoner_imported_tables",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ImportFinding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("severity", models.TextField()),
                ("table", models.TextField()),
                ("row", models.BigIntegerField()),
                ("column", models.TextField()),
                ("value", models.TextField()),
                ("code", models.TextField()),
                ("message", models.TextField()),
                ("remedy", models.TextField()),
                (
                    "batch",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="records.importbatch"),
                ),
            ],
            options={
                "db_table": "almoner_import_findings",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "number",
                    almoner.office.records.fields.VersionField(help_text="1, 2, 3 … without gaps", primary_key=True, serialize=False),
                ),
                ("table", models.TextField()),
                ("first_version", models.BigIntegerField()),
                ("last_version", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.TextField()),
                ("batch", models.BigIntegerField(null=True)),
                ("form", models.PositiveSmallIntegerField(help_text="how the hash is taken (records.stored_form)")),
                ("sha256", models.TextField()),
            ],
            options={
                "db_table": "almoner_recordings",
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["recorded_at"], name="recordings_at"),
                    models.Index(fields=["table", "last_version"], name="recordings_versions"),
                ],
            },
        ),
        Sealed("almoner_import_batches"),
        Sealed("almoner_imported_files"),
        Sealed("almoner_imported_tables"),
        Sealed("almoner_import_findings"),
        Sealed("almoner_recordings"),
    ]
