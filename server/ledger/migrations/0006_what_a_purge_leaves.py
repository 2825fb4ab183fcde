from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_stranded_events")]

    operations = [
        migrations.AlterField("heldevent", "body", models.BinaryField(null=True)),
        migrations.AddField("carriedpair", "sign1", models.BinaryField(null=True)),
    ]
