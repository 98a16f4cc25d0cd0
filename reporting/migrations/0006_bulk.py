import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0004_mandates'),
        ('reporting', '0005_correction_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_uploads', to='registry.unit')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='bulk_upload_not_empty'),
                ],
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('taken', 'taken in'), ('refused', 'refused'), ('skipped', 'skipped: no workbook')], max_length=12)),
                ('sector', models.CharField(blank=True, max_length=12)),
                ('period', models.CharField(blank=True, max_length=7)),
                ('finding', models.JSONField(null=True)),
                ('message', models.TextField(blank=True)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
                ('upload', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bulk_items', to='reporting.upload')),
                ('bulk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='reporting.bulkupload')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('bulk', 'number'), name='bulk_item_once'),
                    models.UniqueConstraint(condition=models.Q(('kind', 'taken')), fields=('bulk', 'unit', 'sector', 'period'), name='bulk_item_one_a_period'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['taken', 'refused', 'skipped'])), name='bulk_item_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'taken'), ('unit__isnull', False), ('upload__isnull', False)), models.Q(models.Q(('kind', 'taken'), _negated=True), ('upload__isnull', True)), _connector='OR'), name='bulk_item_taken_complete'),
                ],
                'ordering': ['bulk', 'number'],
            },
        ),
        AppendOnly("BulkUpload"),
        AppendOnly("BulkItem"),
    ]
