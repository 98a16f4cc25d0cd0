import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('registry', '0002_authorities_and_journal'),
        ('registry', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='FindingRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('severity', models.CharField(choices=[('error', 'error'), ('warning', 'warning')], max_length=8)),
                ('blocks', models.BooleanField()),
                ('sheet', models.CharField(blank=True, max_length=80)),
                ('cell', models.CharField(blank=True, max_length=20)),
                ('params', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['submission', 'number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('severity__in', ['error', 'warning'])), name='finding_severity_known')],
            },
        ),
        migrations.CreateModel(
            name='AnnualReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('version', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('prepared', 'prepared, waiting for approval'), ('filed', 'filed'), ('superseded', 'replaced by a later version')], default='prepared', max_length=12)),
                ('due', models.DateField()),
                ('emissions', models.BigIntegerField()),
                ('prepared_at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(blank=True, null=True)),
                ('late', models.BooleanField(default=False)),
                ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annual_reports', to='registry.unit')),
            ],
            options={
                'ordering': ['-year', 'unit__credit_code', 'sector', '-version'],
                'indexes': [models.Index(fields=['year', 'sector', 'unit'], name='reporting_a_year_bb50c4_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'sector', 'year', 'version'), name='report_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'superseded'), _negated=True), fields=('unit', 'sector', 'year'), name='report_one_in_force'), models.CheckConstraint(condition=models.Q(('sector__in', ['steel', 'cement', 'aluminium'])), name='report_sector_known'), models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'filed', 'superseded'])), name='report_state_known'), models.CheckConstraint(condition=models.Q(('filed_by__isnull', True), models.Q(('filed_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='report_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'filed'), _negated=True), models.Q(('filed_at__isnull', False), ('filed_by__isnull', False)), _connector='OR'), name='report_filed_complete')],
            },
        ),
        migrations.CreateModel(
            name='FindingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='reporting.findingrow')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='answer_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('period', models.CharField(max_length=7)),
                ('year', models.PositiveSmallIntegerField()),
                ('due', models.DateField()),
                ('state', models.CharField(choices=[('open', 'waiting for a workbook'), ('read', 'read, not yet submitted'), ('submitted', 'under review'), ('accepted', 'accepted'), ('returned', 'sent back')], default='open', max_length=12)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('late', models.BooleanField(default=False)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.job')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='registry.unit')),
            ],
            options={
                'ordering': ['-period', 'unit__credit_code', 'sector'],
                'indexes': [models.Index(fields=['state', 'due'], name='reporting_p_state_505b11_idx'), models.Index(fields=['year', 'sector', 'unit'], name='reporting_p_year_26808c_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'sector', 'period'), name='package_once'), models.CheckConstraint(condition=models.Q(('sector__in', ['steel', 'cement', 'aluminium'])), name='package_sector_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'read', 'submitted', 'accepted', 'returned'])), name='package_state_known'), models.CheckConstraint(condition=models.Q(('period__regex', '^[0-9]{4}(-(0[1-9]|1[0-2]))?$')), name='package_period_shape'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='package_four_eyes')],
            },
        ),
        migrations.CreateModel(
            name='ReportContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('guideline', models.CharField(max_length=80)),
                ('totals', models.JSONField(default=dict)),
                ('rounding', models.JSONField(default=dict)),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stated', to='reporting.annualreport')),
            ],
        ),
        migrations.CreateModel(
            name='ReportedDatum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=40)),
                ('measure', models.CharField(max_length=20)),
                ('value', models.DecimalField(decimal_places=4, max_digits=15)),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.line')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data', to='reporting.annualreport')),
            ],
            options={
                'ordering': ['report', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('report', 'line', 'item'), name='reported_datum_once'), models.UniqueConstraint(condition=models.Q(('line__isnull', True)), fields=('report', 'item'), name='reported_unit_datum_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('level', models.CharField(max_length=12)),
                ('line', models.CharField(blank=True, max_length=20)),
                ('source', models.CharField(max_length=80)),
                ('formula', models.CharField(max_length=400)),
                ('inputs', models.JSONField(default=dict)),
                ('emissions', models.DecimalField(decimal_places=2, max_digits=15)),
                ('article', models.CharField(max_length=200)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='reporting.annualreport')),
            ],
            options={
                'ordering': ['report', 'number'],
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='report_term_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('read_at', models.DateTimeField()),
                ('guideline', models.CharField(blank=True, max_length=80)),
                ('content', models.TextField(blank=True)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('totals', models.JSONField(default=dict)),
                ('emissions', models.BigIntegerField(null=True)),
                ('errors', models.PositiveIntegerField(default=0)),
                ('warnings', models.PositiveIntegerField(default=0)),
                ('outcome', models.CharField(max_length=64)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='reporting.package')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('package', 'version'), name='submission_version_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='reporting.annualreport')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reporting.submission')),
            ],
            options={
                'ordering': ['submission__package__period'],
                'constraints': [models.UniqueConstraint(fields=('report', 'submission'), name='report_source_once')],
            },
        ),
        migrations.CreateModel(
            name='PackageEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('submitted', 'submitted'), ('accepted', 'accepted'), ('returned', 'sent back')], max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('late', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='reporting.package')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='reporting.submission')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['submitted', 'accepted', 'returned'])), name='package_event_known'), models.CheckConstraint(condition=models.Q(('kind', 'returned'), ('reason', ''), _negated=True), name='package_return_has_reason')],
            },
        ),
        migrations.AddField(
            model_name='package',
            name='submission',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.submission'),
        ),
        migrations.CreateModel(
            name='LineTotalRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('emissions', models.BigIntegerField()),
                ('main_emissions', models.DecimalField(decimal_places=2, max_digits=15)),
                ('output', models.DecimalField(decimal_places=2, max_digits=15)),
                ('details', models.JSONField(default=dict)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.line')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_totals', to='reporting.submission')),
            ],
            options={
                'ordering': ['submission', 'line__code'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'line'), name='line_total_once')],
            },
        ),
        migrations.AddField(
            model_name='findingrow',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='reporting.submission'),
        ),
        migrations.CreateModel(
            name='TermRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('level', models.CharField(max_length=12)),
                ('line', models.CharField(blank=True, max_length=20)),
                ('source', models.CharField(max_length=80)),
                ('formula', models.CharField(max_length=400)),
                ('inputs', models.JSONField(default=dict)),
                ('emissions', models.DecimalField(decimal_places=2, max_digits=15)),
                ('article', models.CharField(max_length=200)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='reporting.submission')),
            ],
            options={
                'ordering': ['submission', 'number'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'number'), name='term_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='reporting.package')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('package', 'sha256'), name='upload_once'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='upload_not_empty')],
            },
        ),
        migrations.AddField(
            model_name='submission',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='reporting.upload'),
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('version', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('assigned', 'under verification'), ('concluded', 'concluded, waiting for approval'), ('approved', 'approved, unit told')], default='assigned', max_length=12)),
                ('assigned_at', models.DateTimeField()),
                ('concluded_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='registry.verifierbody')),
                ('concluded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='reporting.annualreport')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='registry.unit')),
            ],
            options={
                'ordering': ['-year', 'unit__credit_code', 'sector', '-version'],
                'indexes': [models.Index(fields=['year', 'sector', 'unit'], name='reporting_v_year_5acfa8_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'sector', 'year', 'version'), name='verification_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'approved'), _negated=True), fields=('report',), name='verification_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['assigned', 'concluded', 'approved'])), name='verification_state_known'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(models.Q(('approved_by', models.F('assigned_by')), _negated=True), models.Q(('approved_by', models.F('concluded_by')), _negated=True)), _connector='OR'), name='verification_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('told_at__isnull', False)), _connector='OR'), name='verification_approved_complete')],
            },
        ),
        migrations.CreateModel(
            name='VerificationEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'assigned'), ('concluded', 'concluded'), ('returned', 'sent back'), ('approved', 'approved')], max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='reporting.verification')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['assigned', 'concluded', 'returned', 'approved'])), name='verification_event_known'), models.CheckConstraint(condition=models.Q(('kind', 'returned'), ('reason', ''), _negated=True), name='verification_return_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='VerifiedDatum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.DecimalField(decimal_places=4, max_digits=15)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('datum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verified', to='reporting.reporteddatum')),
                ('verification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data', to='reporting.verification')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='VerifiedResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('steel', 'Steel'), ('cement', 'Cement'), ('aluminium', 'Aluminium smelting')], max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('version', models.PositiveIntegerField()),
                ('emissions', models.BigIntegerField()),
                ('main_emissions', models.DecimalField(decimal_places=2, max_digits=15)),
                ('output', models.DecimalField(decimal_places=2, max_digits=15)),
                ('kind', models.CharField(blank=True, choices=[('', 'ordinary'), ('white', 'white clinker only'), ('carbide_slag', 'carbide slag'), ('gypsum_acid', 'gypsum to sulphuric acid'), ('oxygen_furnace', 'oxygen furnace with hydrogen-rich carbon cycling')], max_length=16)),
                ('details', models.JSONField(default=dict)),
                ('approved_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verified_results', to='registry.line')),
                ('supersedes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='reporting.verifiedresult')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verified_results', to='registry.unit')),
                ('verification', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='reporting.verification')),
            ],
            options={
                'ordering': ['year', 'sector', 'unit__credit_code', 'line__code', 'version'],
                'indexes': [models.Index(fields=['sector', 'year', 'line', 'version'], name='reporting_v_sector_97b34b_idx')],
                'constraints': [models.UniqueConstraint(fields=('line', 'year', 'version'), name='verified_result_version_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['', 'white', 'carbide_slag', 'gypsum_acid', 'oxygen_furnace'])), name='verified_result_kind_known'), models.CheckConstraint(condition=models.Q(('emissions__gte', 0), ('main_emissions__gte', 0), ('output__gte', 0)), name='verified_result_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('supersedes__isnull', True), ('version', 1)), models.Q(('supersedes__isnull', False), ('version__gt', 1)), _connector='OR'), name='verified_result_chain')],
            },
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('submission__isnull', False), _connector='OR'), name='package_read_has_submission'),
        ),
        migrations.AddConstraint(
            model_name='findingrow',
            constraint=models.UniqueConstraint(fields=('submission', 'number'), name='finding_number_once'),
        ),
    ]
