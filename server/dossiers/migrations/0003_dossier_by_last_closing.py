"""What presses is asked by closing, among procurations whose polls are mostly long over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_rivals")]

    operations = [
        migrations.AddIndex(
            model_name="procuration",
            index=models.Index(fields=["last_closing"], name="dossier_by_last_closing"),
        ),
    ]
