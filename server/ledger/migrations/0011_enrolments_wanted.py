from django.db import migrations, models

import server.ledger.fields


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_files_for_town_halls")]

    operations = [
        migrations.CreateModel(
            name="EnrolmentWanted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kid", server.ledger.fields.FixedTextField(max_length=16, unique=True)),
                ("log_id", server.ledger.fields.FixedTextField(max_length=16, unique=True)),
                ("request", models.BinaryField()),
                ("asked_at", models.DateTimeField(db_index=True)),
                ("heard_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
