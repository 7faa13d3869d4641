"""A provider's contracts, and the lines of a contract and of a person, are looked up and not looked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]

    operations = [
        migrations.AddIndex("contract", models.Index(fields=["provider_id"], name="contracts_provider")),
        migrations.AddIndex("line", models.Index(fields=["contract_id"], name="lines_contract")),
        migrations.AddIndex("line", models.Index(fields=["person_id"], name="lines_person")),
    ]
