"""A balance value that was withdrawn says so, and not that a later one took its place."""

from django.db import migrations, models

from registry.database.frozen_once import FrozenOnce
from registry.database.remade import Together

STATES = ['computing', 'computed', 'published', 'failed', 'superseded', 'withdrawn']


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0008_returned_objections'),
    ]

    operations = [
        Together([
            migrations.RemoveConstraint(
                model_name='balancevalue',
                name='balance_value_state_known',
            ),
            migrations.AlterField(
                model_name='balancevalue',
                name='state',
                field=models.CharField(choices=[('computing', 'being computed'), ('computed', 'computed'), ('published', 'published'), ('failed', 'failed'), ('superseded', 'superseded'), ('withdrawn', 'withdrawn')], default='computing', max_length=12, verbose_name='State'),
            ),
            migrations.AddConstraint(
                model_name='balancevalue',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', STATES)), name='balance_value_state_known'),
            ),
        ]),
        # SQLite has remade the table and forgotten its triggers.
        FrozenOnce("BalanceValue", when={"state": ["published"]}),
        FrozenOnce("BalanceValue", when={"state": ["superseded"]}),
        FrozenOnce("BalanceValue", when={"state": ["withdrawn"]}),
    ]
