import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_authorities_and_journal'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('prefix', models.CharField(max_length=12)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('scopes', models.CharField(max_length=40)),
                ('granted_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='registry.unit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('granted_at'))), name='token_expires'),
                    models.CheckConstraint(condition=models.Q(('scopes', ''), _negated=True), name='token_has_scope'),
                    models.CheckConstraint(condition=models.Q(('granted_by', models.F('person')), _negated=True), name='token_four_eyes'),
                ],
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ApiTokenRevocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('token', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='registry.apitoken')),
            ],
        ),
        migrations.CreateModel(
            name='ApiTokenUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_used_at', models.DateTimeField(null=True)),
                ('token', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='use', to='registry.apitoken')),
            ],
        ),
        AppendOnly("ApiToken"),
        AppendOnly("ApiTokenRevocation"),
    ]
