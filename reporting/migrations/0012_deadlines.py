import django.db.models.deletion
import registry.append_only
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0006_notifications'),
        ('reporting', '0011_control_plans'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeadlineExtension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('extended', 'deadline extended'), ('reopened', 'reopened')], max_length=12)),
                ('before', models.DateField()),
                ('due', models.DateField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='reporting.package')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['extended', 'reopened'])), name='deadline_extension_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='deadline_extension_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'extended'), _negated=True), ('due__gt', models.F('before')), _connector='OR'), name='deadline_extension_later')],
            },
        ),
        registry.append_only.AppendOnly(
            model='DeadlineExtension',
        ),
    ]
