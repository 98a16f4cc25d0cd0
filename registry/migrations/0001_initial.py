import django.db.models.deletion
import registry.credit_code
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=6, unique=True)),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(max_length=60)),
            ],
            options={
                'verbose_name': 'authority',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='VerifierBody',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=120)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='User name')),
                ('name', models.CharField(max_length=60)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('role', models.CharField(choices=[('unit_clerk', 'Enterprise clerk'), ('unit_approver', 'Enterprise approver'), ('verifier', 'Verifier'), ('provincial_officer', 'Provincial officer'), ('provincial_approver', 'Provincial approver'), ('registrar_operator', 'Registrar operator'), ('registrar_approver', 'Registrar approver'), ('ministry_analyst', 'Ministry analyst'), ('ministry_approver', 'Ministry approver'), ('auditor', 'Auditor')], max_length=24)),
                ('is_active', models.BooleanField(default=True)),
                ('authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.authority')),
            ],
        ),
        migrations.CreateModel(
            name='JournalHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField(default=0)),
                ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='journal_one_head')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('credit_code', models.CharField(max_length=18, unique=True, validators=[registry.credit_code.validate_credit_code], verbose_name='Credit code')),
                ('name', models.CharField(max_length=120, verbose_name='Name')),
                ('city', models.CharField(blank=True, max_length=40, verbose_name='City')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='registry.authority', verbose_name='Authority')),
            ],
            options={
                'verbose_name': 'key emission unit',
                'ordering': ['credit_code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('credit_code__regex', '^[0-9A-Z]{18}$')), name='unit_credit_code_shape')],
            },
        ),
        migrations.CreateModel(
            name='SectorMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='registry.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'sector'), name='membership_once'), models.CheckConstraint(condition=models.Q(('sector__in', ['steel', 'cement', 'aluminium'])), name='membership_sector_known')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(blank=True, choices=[('', 'ordinary'), ('white', 'white clinker only'), ('carbide_slag', 'carbide slag'), ('gypsum_acid', 'gypsum to sulphuric acid'), ('oxygen_furnace', 'oxygen furnace with hydrogen-rich carbon cycling')], default='', max_length=16)),
                ('variety', models.CharField(blank=True, max_length=40)),
                ('capacity', models.DecimalField(decimal_places=2, max_digits=12)),
                ('commissioned', models.DateField()),
                ('closed', models.DateField(blank=True, null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='registry.unit')),
            ],
            options={
                'ordering': ['unit', 'sector', 'code'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'sector', 'code'), name='line_code_once'), models.CheckConstraint(condition=models.Q(('sector__in', ['steel', 'cement', 'aluminium'])), name='line_sector_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['', 'white', 'carbide_slag', 'gypsum_acid', 'oxygen_furnace'])), name='line_kind_known'), models.CheckConstraint(condition=models.Q(('capacity__gt', 0)), name='line_capacity_positive'), models.CheckConstraint(condition=models.Q(('closed__isnull', True), ('closed__gt', models.F('commissioned')), _connector='OR'), name='line_closed_after_commissioned')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField(unique=True)),
                ('at', models.DateTimeField()),
                ('act', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=40)),
                ('facts', models.TextField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.authority')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
            ],
            options={
                'verbose_name_plural': 'journal entries',
                'ordering': ['-sequence'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='registry_jo_subject_b2fce5_idx'), models.Index(fields=['unit', '-sequence'], name='registry_jo_unit_id_1a2c61_idx')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('payload', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='waiting', max_length=12)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease', models.CharField(blank=True, max_length=40)),
                ('lease_until', models.DateTimeField(null=True)),
                ('rung_at', models.DateTimeField(null=True)),
                ('done_items', models.PositiveIntegerField(default=0)),
                ('total_items', models.PositiveIntegerField(default=0)),
                ('outcome', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['state', 'lease_until'], name='job_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_items__lte', models.F('total_items'))), name='job_progress_within')],
            },
        ),
        migrations.CreateModel(
            name='DirectoryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('listed', 'listed'), ('refused', 'refused'), ('exit_proposed', 'exit proposed'), ('left', 'left')], default='proposed', max_length=16)),
                ('entered_on', models.DateField()),
                ('entry_ground', models.CharField(choices=[('over_threshold', 'direct emissions of 26,000 t or more'), ('expected', 'new, expected to reach 26,000 t'), ('applied', 'entered on its own application'), ('restructured', 'after a merger or split')], max_length=20)),
                ('entry_reason', models.CharField(max_length=200)),
                ('left_on', models.DateField(blank=True, null=True)),
                ('exit_ground', models.CharField(blank=True, choices=[('below_two_years', 'two years in a row below 26,000 t'), ('closed', 'closed and no longer emitting'), ('restructured', 'after a merger or split')], max_length=20)),
                ('exit_reason', models.CharField(blank=True, max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('refusal_reason', models.CharField(blank=True, max_length=200)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directory_entries', to='registry.unit')),
            ],
            options={
                'ordering': ['year', 'sector', 'unit__credit_code'],
                'constraints': [models.UniqueConstraint(fields=('year', 'sector', 'unit'), name='directory_entry_once'), models.CheckConstraint(condition=models.Q(('sector__in', ['steel', 'cement', 'aluminium'])), name='directory_sector_known'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='directory_four_eyes'), models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gt', models.F('entered_on')), _connector='OR'), name='directory_left_after_entering'), models.CheckConstraint(condition=models.Q(models.Q(('exit_ground', ''), ('exit_reason', ''), ('left_on__isnull', True)), models.Q(('left_on__isnull', False), models.Q(('exit_ground', ''), _negated=True), models.Q(('exit_reason', ''), _negated=True)), _connector='OR'), name='directory_exit_complete')],
            },
        ),
        migrations.AddField(
            model_name='person',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.unit'),
        ),
        migrations.AddField(
            model_name='person',
            name='body',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.verifierbody'),
        ),
        migrations.CreateModel(
            name='JobItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('succeeded', models.BooleanField()),
                ('message', models.TextField(blank=True)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='registry.job')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('job', 'key'), name='job_item_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['unit_clerk', 'unit_approver', 'verifier', 'provincial_officer', 'provincial_approver', 'registrar_operator', 'registrar_approver', 'ministry_analyst', 'ministry_approver', 'auditor'])), name='person_role_known'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', True), ('body__isnull', True), ('role__in', ('unit_clerk', 'unit_approver')), ('unit__isnull', False)), models.Q(('authority__isnull', False), ('body__isnull', True), ('role__in', ('provincial_officer', 'provincial_approver')), ('unit__isnull', True)), models.Q(('authority__isnull', True), ('body__isnull', False), ('role', 'verifier'), ('unit__isnull', True)), models.Q(('authority__isnull', True), ('body__isnull', True), ('role__in', ('registrar_operator', 'registrar_approver', 'ministry_analyst', 'ministry_approver', 'auditor')), ('unit__isnull', True)), _connector='OR'), name='person_seat_matches_role'),
        ),
    ]
