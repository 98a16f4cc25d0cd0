from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_authorities_and_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="stage",
            field=models.CharField(blank=True, max_length=30),
        ),
    ]
