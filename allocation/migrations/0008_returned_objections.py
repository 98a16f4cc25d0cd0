"""A unit's approver can hand a drafted objection back to whoever wrote it."""

from django.db import migrations, models

from registry.database.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0007_never_truncated'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='objection',
            name='objection_open_once',
        ),
        migrations.RemoveConstraint(
            model_name='objection',
            name='objection_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='objection',
            name='objection_filed_complete',
        ),
        migrations.AlterField(
            model_name='objection',
            name='state',
            field=models.CharField(choices=[('drafted', "awaiting the unit's approver"), ('returned', 'sent back to the clerk'), ('filed', 'awaiting the province'), ('proposed', 'decision proposed'), ('granted', 'granted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='drafted', max_length=12, verbose_name='State'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['drafted', 'returned', 'filed', 'proposed'])), fields=('settlement',), name='objection_open_once'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'returned', 'filed', 'proposed', 'granted', 'refused', 'withdrawn'])), name='objection_state_known'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('sent_back_for', ''), _negated=True), _connector='OR'), name='objection_returned_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'returned', 'withdrawn']), models.Q(('filed_at__isnull', False), ('filed_by__isnull', False)), _connector='OR'), name='objection_filed_complete'),
        ),
        # SQLite has remade the table and forgotten its triggers.
        FrozenOnce(
            "Objection",
            when={"state": ["filed", "proposed", "granted", "refused", "withdrawn"]},
            but=["state", "outcome", "reasons", "proposed_by", "proposed_at", "sent_back_for", "decided_by", "decided_at", "withdrawn_by", "withdrawn_at"],
        ),
        FrozenOnce("Objection", when={"state": ["granted", "refused", "withdrawn"]}),
    ]
