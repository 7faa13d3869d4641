"""Which cut-off an upload could make. Columns that may be blank are added without making the table anew, so it stays sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actuals", "0002_drafts_submissions_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="cut_off_at",
            field=models.DateTimeField(help_text="the cut-off its weeks could make when it was uploaded", null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="pay_date",
            field=models.DateField(help_text="when they would then be paid", null=True),
        ),
    ]
