import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='FilingMandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('may_submit', models.BooleanField(default=False)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('state', models.CharField(choices=[('offered', 'waiting for the other unit'), ('accepted', 'accepted'), ('ended', 'ended')], default='offered', max_length=12)),
                ('offered_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to='registry.unit')),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_given', to='registry.unit')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('unit', models.F('holder_unit')), _negated=True), name='mandate_two_units'), models.CheckConstraint(condition=models.Q(('state__in', ['offered', 'accepted', 'ended'])), name='mandate_state_known'), models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='mandate_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='mandate_accepted_complete'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='mandate_ended_complete'), models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('unit', 'holder_unit'), name='mandate_one_at_a_time')],
            },
        ),
    ]
