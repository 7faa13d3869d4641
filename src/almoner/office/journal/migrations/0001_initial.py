"""The tables as they begin, and what may never change in them."""

from django.db import migrations, models

import almoner.office.records.fields
from almoner.office.records.sealing import Sealed


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("body_sha256", models.TextField()),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "almoner_idempotency_keys",
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("number", almoner.office.records.fields.VersionField(primary_key=True, serialize=False)),
                ("act", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("subject", models.TextField(help_text="the id of what was acted on")),
                ("summary", models.JSONField(help_text="counts and ids; no personal data")),
                ("form", models.PositiveSmallIntegerField(help_text="how the hash is taken (records.stored_form)")),
                ("sha256", models.TextField()),
            ],
            options={
                "db_table": "almoner_journal",
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["subject"], name="journal_subject"),
                    models.Index(fields=["act", "at"], name="journal_act"),
                ],
            },
        ),
        Sealed("almoner_idempotency_keys"),
        Sealed("almoner_journal"),
    ]
