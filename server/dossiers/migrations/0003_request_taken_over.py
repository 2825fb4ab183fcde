"""Which request was filed again in the place of which, from its receipt."""

from django.db import migrations, models

import server.ledger.fields


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_the_law")]

    operations = [
        migrations.AddField(
            model_name="procuration",
            name="taken_over",
            field=server.ledger.fields.FixedTextField(max_length=32, null=True),
        ),
        migrations.AddIndex(
            model_name="procuration",
            index=models.Index(
                condition=models.Q(("taken_over__isnull", False)),
                fields=["taken_over"],
                name="dossier_by_taken_over",
            ),
        ),
    ]
