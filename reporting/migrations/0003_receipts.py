"""Receipts for what is submitted and accepted."""

import django.db.models.deletion
from django.db import migrations, models

from registry.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_authorities_and_journal'),
        ('reporting', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField()),
                ('key_id', models.CharField(max_length=16)),
                ('public_key', models.BinaryField(max_length=32)),
                ('signature', models.BinaryField(max_length=64)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.journalentry')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='reporting.packageevent')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='reporting.package')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        AppendOnly("Receipt"),
    ]
