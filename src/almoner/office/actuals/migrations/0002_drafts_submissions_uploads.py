"""Drafts, submissions and uploads; what was submitted and uploaded never changes."""

import django.db.models.deletion
from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    dependencies = [
        ("actuals", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("number", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("provider_id", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("way", models.TextField(help_text="screen or file")),
                ("sha256", models.TextField(help_text="of the file's content, or of the draft as it was shown")),
                ("file_name", models.TextField()),
                ("first_version", models.BigIntegerField(help_text="of the versions of actuals it wrote; blank = none", null=True)),
                ("last_version", models.BigIntegerField(null=True)),
                ("new", models.BigIntegerField()),
                ("updated", models.BigIntegerField()),
                ("unchanged", models.BigIntegerField()),
                ("would_pay_pence", models.BigIntegerField()),
                ("would_hold_pence", models.BigIntegerField()),
                ("pay_date", models.DateField(null=True)),
            ],
            options={
                "db_table": "almoner_submissions",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("number", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("provider_id", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("name", models.TextField(help_text="the file's own name, without its path")),
                ("sha256", models.TextField()),
                ("content", models.BinaryField()),
                ("layout", models.TextField(help_text="which of the layouts that are read it has")),
                ("rows", models.BinaryField(help_text="the good rows, as Parquet in the columns of actuals")),
                ("findings", models.BinaryField(help_text="what was doubtful, as Parquet in the columns of findings")),
                ("read", models.BigIntegerField()),
                ("new", models.BigIntegerField()),
                ("updated", models.BigIntegerField()),
                ("unchanged", models.BigIntegerField()),
                ("rejected", models.BigIntegerField()),
                ("weeks", models.BigIntegerField()),
                ("would_pay_pence", models.BigIntegerField()),
                ("would_hold_pence", models.BigIntegerField()),
            ],
            options={
                "db_table": "almoner_actuals_uploads",
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="DraftAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider_id", models.TextField()),
                ("person_id", models.TextField()),
                ("line_id", models.TextField()),
                ("week", models.DateField(help_text="first day of the line's own week")),
                ("date", models.DateField()),
                ("kind", models.TextField()),
                ("start_time", models.TimeField(null=True)),
                ("outcome", models.TextField()),
                ("planned_minutes", models.BigIntegerField(null=True)),
                ("delivered_minutes", models.BigIntegerField(null=True)),
                ("units", models.BigIntegerField(null=True)),
                ("carers", models.BigIntegerField(default=1)),
                ("reason", models.TextField(null=True)),
                ("comment", models.TextField(null=True)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_draft_answers",
                "ordering": ("line_id", "date", "start_time"),
                "indexes": [models.Index(fields=["provider_id", "week"], name="draft_answers_week")],
                "constraints": [
                    models.UniqueConstraint(fields=("line_id", "date", "kind", "start_time"), name="draft_answers_one_a_visit"),
                    models.UniqueConstraint(
                        condition=models.Q(("start_time", None)), fields=("line_id", "date", "kind"), name="draft_answers_one_without_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmittedWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.TextField()),
                ("line_id", models.TextField()),
                ("week", models.DateField()),
                ("rows", models.BigIntegerField()),
                ("would_pay_pence", models.BigIntegerField()),
                ("would_hold_pence", models.BigIntegerField()),
                ("hold_codes", models.TextField(help_text="separated by blanks")),
                (
                    "submission",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="submitted_weeks", to="actuals.submission"),
                ),
            ],
            options={
                "db_table": "almoner_submitted_weeks",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="UploadEnd",
            fields=[
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="actuals.upload",
                    ),
                ),
                ("end", models.TextField(help_text="submitted or discarded")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_actuals_upload_ends",
            },
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["provider_id", "sha256"], name="actuals_uploads_content"),
        ),
        migrations.AddField(
            model_name="submission",
            name="upload",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="actuals.upload"),
        ),
        migrations.AddIndex(
            model_name="submittedweek",
            index=models.Index(fields=["line_id", "week"], name="submitted_weeks_line"),
        ),
        migrations.AddField(
            model_name="uploadend",
            name="submission",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="actuals.submission"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("provider_id", "sha256"), name="submissions_content_once"),
        ),
        Sealed("almoner_actuals_uploads"),
        Sealed("almoner_submissions"),
        Sealed("almoner_submitted_weeks"),
        Sealed("almoner_actuals_upload_ends"),
    ]
