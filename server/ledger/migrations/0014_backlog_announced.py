"""What each device announced that it still holds (decision 0041)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0013_bundles_by_outcome"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="announced_length",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="device",
            name="announced_oldest",
            field=models.DateTimeField(null=True),
        ),
    ]
