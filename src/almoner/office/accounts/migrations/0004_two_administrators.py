"""What was given before two administrators were needed stands; tokens whose maker has gone end."""

from django.db import migrations
from django.db.models.functions import Now

GUARDED = ("system_administrator", "payments_officer", "team_manager", "finance")


def _stands(apps: object, schema_editor: object) -> None:
    accesses = apps.get_model("accounts", "Access").objects  # type: ignore[attr-defined]
    accesses.filter(role__in=GUARDED, ended_at=None, confirmed_by="").update(confirmed_by="given before two were needed")
    makers = set(accesses.filter(role="provider_administrator", ended_at=None).values_list("user__email", "organisation_id"))
    for token in apps.get_model("accounts", "Token").objects.filter(ended_at=None):  # type: ignore[attr-defined]
        if (token.made_by, token.organisation_id) not in makers:
            token.ended_at, token.ended_by = Now(), "its maker is no administrator any more"
            token.save(update_fields=["ended_at", "ended_by"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_links_and_tokens")]
    operations = [migrations.RunPython(_stands, migrations.RunPython.noop)]
