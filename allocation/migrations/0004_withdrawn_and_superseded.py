"""What was proposed can be withdrawn, and of several computed balance values only the latest is in anybody's hands."""

from django.conf import settings
from django.db import migrations, models

from registry.database.frozen_once import FrozenOnce
from registry.database.remade import Together


def supersede(apps, schema_editor):
    """Computed values beside a published one, and older ones, could never be published; they stood in the lists for good."""
    values = apps.get_model("allocation", "BalanceValue").objects
    taken = set(values.filter(state="published").values_list("sector", "year"))
    for value in values.filter(state="computed").order_by("-pk"):
        if (value.sector, value.year) in taken:
            values.filter(pk=value.pk).update(state="superseded", fault="该平衡值已另行计算。")
        taken.add((value.sector, value.year))


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0003_ended_requests'),
        ('registry', '0003_withdrawn_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.RemoveConstraint(
                model_name='balancevalue',
                name='balance_value_state_known',
            ),
            migrations.RemoveConstraint(
                model_name='tradeimport',
                name='trade_import_state_known',
            ),
            migrations.RemoveConstraint(
                model_name='tradeimport',
                name='trade_import_decided',
            ),
            migrations.AlterField(
                model_name='balancevalue',
                name='state',
                field=models.CharField(choices=[('computing', 'being computed'), ('computed', 'computed'), ('published', 'published'), ('failed', 'failed'), ('superseded', 'superseded')], default='computing', max_length=12, verbose_name='State'),
            ),
            migrations.AlterField(
                model_name='tradeimport',
                name='state',
                field=models.CharField(choices=[('proposed', 'awaiting a second person'), ('executing', 'being executed'), ('executed', 'executed'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='proposed', max_length=10, verbose_name='State'),
            ),
            migrations.AddConstraint(
                model_name='balancevalue',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['computing', 'computed', 'published', 'failed', 'superseded'])), name='balance_value_state_known'),
            ),
            migrations.AddConstraint(
                model_name='tradeimport',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'executing', 'executed', 'refused', 'withdrawn'])), name='trade_import_state_known'),
            ),
            migrations.AddConstraint(
                model_name='tradeimport',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'withdrawn']), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='trade_import_decided'),
            ),
        ]),
        migrations.RunPython(supersede, migrations.RunPython.noop),
        # SQLite has remade both tables and forgotten their triggers.
        FrozenOnce("BalanceValue", when={"state": ["published"]}),
        FrozenOnce("BalanceValue", when={"state": ["superseded"]}),
        FrozenOnce("TradeImport", but=["state", "faults", "decided_by", "decided_at", "refusal_reason", "job"]),
        FrozenOnce("TradeImport", when={"state": ["executed", "refused", "withdrawn"]}),
    ]
