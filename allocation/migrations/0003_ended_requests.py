"""A surrender request that has ended never changes again."""

from django.db import migrations

from registry.database.frozen_once import FrozenOnce


class Migration(migrations.Migration):
    dependencies = [("allocation", "0002_guards")]

    operations = [FrozenOnce("SurrenderRequest", when={"state": ["executed", "refused", "withdrawn"]})]
