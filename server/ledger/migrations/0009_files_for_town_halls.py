import django.db.models.deletion
from django.db import migrations, models

import server.ledger.fields


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_answers_again"), ("ledger", "0008_locked_copies")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="place_type",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="device",
            name="place",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.CreateModel(
            name="TownHallFileSent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rid", server.ledger.fields.FixedTextField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "device",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.device",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="townhallfilesent",
            constraint=models.UniqueConstraint(fields=("device", "rid"), name="one_file_per_town_hall"),
        ),
    ]
