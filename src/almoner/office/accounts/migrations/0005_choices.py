from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_two_administrators"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="rows_a_page",
            field=models.PositiveSmallIntegerField(default=50),
        ),
        migrations.AddField(
            model_name="user",
            name="is_comfortable",
            field=models.BooleanField(default=False, help_text="rows of tables higher than usual"),
        ),
        migrations.AddField(
            model_name="user",
            name="columns",
            field=models.JSONField(default=dict, help_text="by table the names of the columns chosen"),
        ),
        migrations.AddField(
            model_name="access",
            name="unwanted_emails",
            field=models.JSONField(default=list, help_text="kinds of emails that this person does not want for this organisation"),
        ),
    ]
