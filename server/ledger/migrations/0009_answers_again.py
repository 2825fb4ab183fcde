"""What a device's last bundle asked, so that it can be answered again, on a stick."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_locked_copies"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="answered_hash",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="tree_known",
            field=models.BigIntegerField(default=0),
        ),
    ]
