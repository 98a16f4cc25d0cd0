import django.db.models.deletion
import registry.database.spelled
import registry.values.credit_code
import registry.values.sectors
from django.conf import settings
from django.db import migrations, models

from registry.database.create_models import CreateModels

MODELS = [
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
            ('credit_code', models.CharField(max_length=18, unique=True, validators=[registry.values.credit_code.validate_credit_code], verbose_name='Credit code')),
            ('name', models.CharField(max_length=120, verbose_name='Name')),
            ('pinyin', registry.database.spelled.Pinyin(blank=True, db_index=True, default='', editable=False, max_length=720, of='name')),
            ('initials', registry.database.spelled.Initials(blank=True, db_index=True, default='', editable=False, max_length=120, of='name')),
            ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='registry.authority', verbose_name='Authority')),
            ('city', models.CharField(blank=True, max_length=40, verbose_name='City')),
        ],
        options={
            'verbose_name': 'key emission unit',
            'ordering': ['credit_code'],
            'constraints': [models.CheckConstraint(condition=models.Q(('credit_code__regex', '^[0-9A-Z]{18}$')), name='unit_credit_code_shape')],
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
            ('pinyin', registry.database.spelled.Pinyin(blank=True, db_index=True, default='', editable=False, max_length=360, of='name')),
            ('initials', registry.database.spelled.Initials(blank=True, db_index=True, default='', editable=False, max_length=60, of='name')),
            ('email', models.EmailField(blank=True, max_length=254)),
            ('phone', models.CharField(blank=True, max_length=30, verbose_name='Telephone')),
            ('role', models.CharField(choices=[('unit_clerk', 'Enterprise clerk'), ('unit_approver', 'Enterprise approver'), ('verifier', 'Verifier'), ('provincial_officer', 'Provincial officer'), ('provincial_approver', 'Provincial approver'), ('registrar_operator', 'Registrar operator'), ('registrar_approver', 'Registrar approver'), ('ministry_analyst', 'Ministry analyst'), ('ministry_approver', 'Ministry approver'), ('auditor', 'Auditor')], max_length=24)),
            ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.unit')),
            ('authority', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.authority')),
            ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='registry.verifierbody')),
            ('is_active', models.BooleanField(default=True)),
            ('wants_mail', models.BooleanField(default=True)),
            ('mail_language', models.CharField(choices=[('zh-hans', 'Chinese'), ('en', 'English')], default='zh-hans', max_length=10)),
        ],
        options={
            'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['unit_clerk', 'unit_approver', 'verifier', 'provincial_officer', 'provincial_approver', 'registrar_operator', 'registrar_approver', 'ministry_analyst', 'ministry_approver', 'auditor'])), name='person_role_known'), models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', True), ('body__isnull', True), ('role__in', ('unit_clerk', 'unit_approver')), ('unit__isnull', False)), models.Q(('authority__isnull', False), ('body__isnull', True), ('role__in', ('provincial_officer', 'provincial_approver')), ('unit__isnull', True)), models.Q(('authority__isnull', True), ('body__isnull', False), ('role', 'verifier'), ('unit__isnull', True)), models.Q(('authority__isnull', True), ('body__isnull', True), ('role__in', ('registrar_operator', 'registrar_approver', 'ministry_analyst', 'ministry_approver', 'auditor')), ('unit__isnull', True)), _connector='OR'), name='person_seat_matches_role')],
        },
    ),
    migrations.CreateModel(
        name='ApiToken',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='registry.unit')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ('name', models.CharField(max_length=60)),
            ('prefix', models.CharField(max_length=12)),
            ('sha256', models.CharField(max_length=64, unique=True)),
            ('scopes', models.CharField(max_length=40)),
            ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('granted_at', models.DateTimeField()),
            ('expires_at', models.DateTimeField()),
        ],
        options={
            'ordering': ['-pk'],
            'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('granted_at'))), name='token_expires'), models.CheckConstraint(condition=models.Q(('scopes', ''), _negated=True), name='token_has_scope'), models.CheckConstraint(condition=models.Q(('granted_by', models.F('person')), _negated=True), name='token_four_eyes')],
        },
    ),
    migrations.CreateModel(
        name='ApiTokenRevocation',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('token', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='registry.apitoken')),
            ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('at', models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name='ApiTokenUse',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('token', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='use', to='registry.apitoken')),
            ('last_used_at', models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name='Mail',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('day', models.DateField()),
            ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('dropped', 'Dropped'), ('given_up', 'Given Up')], default='waiting', max_length=12)),
            ('attempts', models.PositiveSmallIntegerField(default=0)),
            ('next_try_at', models.DateTimeField()),
            ('claimed_until', models.DateTimeField(blank=True, null=True)),
            ('sent_at', models.DateTimeField(blank=True, null=True)),
            ('error', models.CharField(blank=True, max_length=200)),
        ],
        options={
            'ordering': ['pk'],
            'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='mail_waiting')],
            'constraints': [models.UniqueConstraint(fields=('person', 'day'), name='mail_one_a_day'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'dropped', 'given_up'])), name='mail_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='mail_sent_has_instant')],
        },
    ),
    migrations.CreateModel(
        name='Notification',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ('kind', models.CharField(max_length=40)),
            ('key', models.CharField(max_length=120)),
            ('params', models.JSONField(default=dict)),
            ('link', models.CharField(max_length=200)),
            ('at', models.DateTimeField()),
            ('read_at', models.DateTimeField(blank=True, null=True)),
            ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='registry.mail')),
        ],
        options={
            'ordering': ['-at', '-pk'],
            'indexes': [models.Index(fields=['person', 'at'], name='registry_no_person__f373e4_idx'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['person'], name='notification_unread')],
            'constraints': [models.UniqueConstraint(fields=('person', 'key'), name='notification_once'), models.CheckConstraint(condition=models.Q(('link__regex', '^/([^/]|$)')), name='notification_link_within')],
        },
    ),
    migrations.CreateModel(
        name='ParameterChange',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('book', models.CharField(max_length=40)),
            ('parameter', models.CharField(max_length=80)),
            ('value', models.CharField(max_length=60)),
            ('since', models.DateField()),
            ('reason', models.TextField()),
            ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('proposed_at', models.DateTimeField()),
        ],
        options={
            'ordering': ['-pk'],
            'indexes': [models.Index(fields=['book', 'parameter', 'since'], name='registry_pa_book_03b378_idx')],
            'constraints': [models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='parameter_change_has_value'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='parameter_change_has_reason')],
        },
    ),
    migrations.CreateModel(
        name='ParameterDecision',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('approved', models.BooleanField()),
            ('reason', models.TextField(blank=True)),
            ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('at', models.DateTimeField()),
            ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='registry.parameterchange')),
        ],
        options={
            'ordering': ['pk'],
            'abstract': False,
            'constraints': [models.CheckConstraint(condition=models.Q(('by', models.F('proposed_by')), _negated=True), name='parameter_four_eyes'), models.CheckConstraint(condition=models.Q(('approved', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='parameter_refusal_has_reason')],
        },
    ),
    migrations.CreateModel(
        name='SectorMembership',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='registry.unit')),
            ('sector', models.CharField(choices=registry.values.sectors.choices, max_length=12)),
        ],
        options={
            'constraints': [models.UniqueConstraint(fields=('unit', 'sector'), name='membership_once')],
        },
    ),
    migrations.CreateModel(
        name='Line',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='registry.unit')),
            ('sector', models.CharField(choices=registry.values.sectors.choices, max_length=12)),
            ('code', models.CharField(max_length=20)),
            ('name', models.CharField(max_length=80)),
            ('kind', models.CharField(blank=True, choices=[('', 'ordinary'), ('white', 'white clinker only'), ('carbide_slag', 'carbide slag'), ('gypsum_acid', 'gypsum to sulphuric acid'), ('oxygen_furnace', 'oxygen furnace with hydrogen-rich carbon cycling')], default='', max_length=16)),
            ('variety', models.CharField(blank=True, max_length=40)),
            ('capacity', models.DecimalField(decimal_places=2, max_digits=12)),
            ('commissioned', models.DateField()),
            ('closed', models.DateField(blank=True, null=True)),
        ],
        options={
            'ordering': ['unit', 'sector', 'code'],
            'constraints': [models.UniqueConstraint(fields=('unit', 'sector', 'code'), name='line_code_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['', 'white', 'carbide_slag', 'gypsum_acid', 'oxygen_furnace'])), name='line_kind_known'), models.CheckConstraint(condition=models.Q(('capacity__gt', 0)), name='line_capacity_positive'), models.CheckConstraint(condition=models.Q(('closed__isnull', True), ('closed__gt', models.F('commissioned')), _connector='OR'), name='line_closed_after_commissioned')],
        },
    ),
    migrations.CreateModel(
        name='JournalEntry',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('sequence', models.BigIntegerField(unique=True)),
            ('at', models.DateTimeField()),
            ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('act', models.CharField(max_length=60)),
            ('subject_type', models.CharField(max_length=60)),
            ('subject_id', models.CharField(max_length=40)),
            ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
            ('authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.authority')),
            ('facts', models.TextField()),
            ('previous_hash', models.CharField(max_length=64)),
            ('hash', models.CharField(max_length=64, unique=True)),
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
            ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('asked_at', models.DateTimeField()),
            ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='waiting', max_length=12)),
            ('attempts', models.PositiveSmallIntegerField(default=0)),
            ('lease', models.CharField(blank=True, max_length=40)),
            ('lease_until', models.DateTimeField(null=True)),
            ('messaged_at', models.DateTimeField(null=True)),
            ('done_items', models.PositiveIntegerField(default=0)),
            ('total_items', models.PositiveIntegerField(default=0)),
            ('stage', models.CharField(blank=True, max_length=30)),
            ('outcome', models.JSONField(default=dict)),
            ('error', models.TextField(blank=True)),
            ('finished_at', models.DateTimeField(null=True)),
            ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
        ],
        options={
            'ordering': ['-pk'],
            'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['state', 'lease_until'], name='job_open')],
            'constraints': [models.CheckConstraint(condition=models.Q(('done_items__lte', models.F('total_items'))), name='job_progress_within')],
        },
    ),
    migrations.CreateModel(
        name='FilingMandate',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_given', to='registry.unit')),
            ('holder_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to='registry.unit')),
            ('may_submit', models.BooleanField(default=False)),
            ('since', models.DateField()),
            ('until', models.DateField()),
            ('state', models.CharField(choices=[('offered', 'waiting for the other unit'), ('accepted', 'accepted'), ('ended', 'ended')], default='offered', max_length=12)),
            ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('offered_at', models.DateTimeField()),
            ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('accepted_at', models.DateTimeField(null=True)),
            ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('ended_at', models.DateTimeField(null=True)),
        ],
        options={
            'ordering': ['-pk'],
            'constraints': [models.CheckConstraint(condition=models.Q(('unit', models.F('holder_unit')), _negated=True), name='mandate_two_units'), models.CheckConstraint(condition=models.Q(('state__in', ['offered', 'accepted', 'ended'])), name='mandate_state_known'), models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='mandate_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='mandate_accepted_complete'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='mandate_ended_complete'), models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('unit', 'holder_unit'), name='mandate_one_at_a_time')],
        },
    ),
    migrations.CreateModel(
        name='DirectoryEntry',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('year', models.PositiveSmallIntegerField()),
            ('sector', models.CharField(choices=registry.values.sectors.choices, max_length=12)),
            ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directory_entries', to='registry.unit')),
            ('state', models.CharField(choices=[('proposed', 'proposed'), ('listed', 'listed'), ('refused', 'refused'), ('exit_proposed', 'exit proposed'), ('left', 'left')], default='proposed', max_length=16)),
            ('entered_on', models.DateField()),
            ('entry_ground', models.CharField(choices=[('over_threshold', 'direct emissions of 26,000 t or more'), ('expected', 'new, expected to reach 26,000 t'), ('applied', 'entered on its own application'), ('restructured', 'after a merger or split'), ('reports_only', 'reports and is verified only, without quota')], max_length=20)),
            ('entry_reason', models.CharField(max_length=200)),
            ('listed_on', models.DateField(null=True)),
            ('left_on', models.DateField(blank=True, null=True)),
            ('exit_ground', models.CharField(blank=True, choices=[('below_two_years', 'two years in a row below 26,000 t'), ('closed', 'closed and no longer emitting'), ('restructured', 'after a merger or split')], max_length=20)),
            ('exit_reason', models.CharField(blank=True, max_length=200)),
            ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('proposed_at', models.DateTimeField()),
            ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('decided_at', models.DateTimeField(null=True)),
            ('refusal_reason', models.CharField(blank=True, max_length=200)),
        ],
        options={
            'ordering': ['year', 'sector', 'unit__credit_code'],
            'constraints': [models.UniqueConstraint(fields=('year', 'sector', 'unit'), name='directory_entry_once'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='directory_four_eyes'), models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gt', models.F('entered_on')), _connector='OR'), name='directory_left_after_entering'), models.CheckConstraint(condition=models.Q(models.Q(('exit_ground', ''), ('exit_reason', ''), ('left_on__isnull', True)), models.Q(('left_on__isnull', False), models.Q(('exit_ground', ''), _negated=True), models.Q(('exit_reason', ''), _negated=True)), _connector='OR'), name='directory_exit_complete')],
        },
    ),
    migrations.CreateModel(
        name='JobItem',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='registry.job')),
            ('key', models.CharField(max_length=120)),
            ('succeeded', models.BooleanField()),
            ('message', models.TextField(blank=True)),
        ],
        options={
            'ordering': ['pk'],
            'constraints': [models.UniqueConstraint(fields=('job', 'key'), name='job_item_once')],
        },
    ),
    migrations.CreateModel(
        name='ParameterWithdrawal',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='registry.parameterchange')),
            ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('at', models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name='WorkingYear',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('year', models.PositiveSmallIntegerField(verbose_name='Year')),
            ('off', models.JSONField()),
            ('worked', models.JSONField()),
            ('notice', models.CharField(max_length=200, verbose_name='Notice')),
            ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('proposed_at', models.DateTimeField()),
        ],
        options={
            'ordering': ['-pk'],
            'constraints': [models.CheckConstraint(condition=models.Q(('notice', ''), _negated=True), name='working_year_has_notice'), models.CheckConstraint(condition=models.Q(('year__gte', 2024), ('year__lte', 2999)), name='working_year_is_one')],
        },
    ),
    migrations.CreateModel(
        name='WorkingYearDecision',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('approved', models.BooleanField()),
            ('reason', models.TextField(blank=True)),
            ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('at', models.DateTimeField()),
            ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='registry.workingyear')),
        ],
        options={
            'ordering': ['pk'],
            'abstract': False,
            'constraints': [models.CheckConstraint(condition=models.Q(('by', models.F('proposed_by')), _negated=True), name='working_year_four_eyes'), models.CheckConstraint(condition=models.Q(('approved', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='working_year_refusal_has_reason')],
        },
    ),
    migrations.CreateModel(
        name='FormerPassword',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('hash', models.CharField(max_length=128)),
            ('at', models.DateTimeField()),
        ],
        options={
            'ordering': ['pk'],
        },
    ),
    migrations.CreateModel(
        name='SavedView',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ('page', models.CharField(max_length=80)),
            ('name', models.CharField(max_length=40)),
            ('query', models.CharField(blank=True, max_length=1000)),
        ],
        options={
            'ordering': ['page', 'name'],
            'constraints': [models.UniqueConstraint(fields=('person', 'page', 'name'), name='saved_view_once')],
        },
    ),
    migrations.CreateModel(
        name='Session',
        fields=[
            ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
            ('session_data', models.TextField(verbose_name='session data')),
            ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
            ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
        ],
        options={
            'verbose_name': 'session',
            'verbose_name_plural': 'sessions',
            'abstract': False,
        },
    ),
    migrations.CreateModel(
        name='SeatChange',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('proposed_at', models.DateTimeField()),
            ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('approved_at', models.DateTimeField(null=True)),
            ('refused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('refused_at', models.DateTimeField(null=True)),
            ('refusal_reason', models.CharField(blank=True, max_length=300)),
            ('kind', models.CharField(choices=[('add', 'to be added'), ('retire', 'access to end')], max_length=8)),
            ('state', models.CharField(choices=[('proposed', 'awaiting a second person'), ('approved', 'approved'), ('refused', 'refused')], default='proposed', max_length=10, verbose_name='State')),
            ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seat_changes', to=settings.AUTH_USER_MODEL)),
            ('username', models.CharField(max_length=60, verbose_name='User name')),
            ('name', models.CharField(max_length=60, verbose_name='Name')),
            ('email', models.EmailField(blank=True, max_length=254)),
            ('role', models.CharField(choices=[('unit_clerk', 'Enterprise clerk'), ('unit_approver', 'Enterprise approver'), ('verifier', 'Verifier'), ('provincial_officer', 'Provincial officer'), ('provincial_approver', 'Provincial approver'), ('registrar_operator', 'Registrar operator'), ('registrar_approver', 'Registrar approver'), ('ministry_analyst', 'Ministry analyst'), ('ministry_approver', 'Ministry approver'), ('auditor', 'Auditor')], max_length=24)),
            ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
            ('authority', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.authority')),
            ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.verifierbody')),
            ('reason', models.CharField(blank=True, max_length=300)),
        ],
        options={
            'ordering': ['pk'],
            'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['unit_clerk', 'unit_approver', 'verifier', 'provincial_officer', 'provincial_approver', 'registrar_operator', 'registrar_approver', 'ministry_analyst', 'ministry_approver', 'auditor'])), name='seat_change_role_known'), models.UniqueConstraint(condition=models.Q(('kind', 'add'), ('state', 'proposed')), fields=('username',), name='seat_change_one_of_a_name'), models.UniqueConstraint(condition=models.Q(('kind', 'retire'), ('state', 'proposed')), fields=('person',), name='seat_change_one_end'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='seatchange_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='seatchange_approved_complete'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_reason', ''), _negated=True), _connector='OR'), name='seatchange_refused_with_reason')],
        },
    ),
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateModels(MODELS),
    ]
