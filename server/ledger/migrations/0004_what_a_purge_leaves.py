from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_event_rulings_in_order")]

    operations = [
        migrations.AlterField("heldevent", "body", models.BinaryField(null=True)),
        migrations.AddField("carriedpair", "sign1", models.BinaryField(null=True)),
    ]
