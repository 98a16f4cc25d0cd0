"""Why a result that stands is verified again; who assigned what to whom, and why, never changes afterwards."""

from django.conf import settings
from django.db import migrations, models

from registry.frozen_once import FrozenOnce


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0006_notifications'),
        ('reporting', '0015_reply_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='verification',
            name='ground',
            field=models.CharField(blank=True, choices=[('review', 'review asked for by the unit'), ('recheck', 're-check by the authorities'), ('court', 'court decision'), ('fraud', 'falsified data')], max_length=12, verbose_name='Ground'),
        ),
        migrations.AddField(
            model_name='verification',
            name='reason',
            field=models.TextField(blank=True, verbose_name='Reason'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ground', ''), ('reason', '')), models.Q(('ground__in', ['review', 'recheck', 'court', 'fraud']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='verification_ground_with_reason'),
        ),
        FrozenOnce(
            "Verification", but=["state", "concluded_by", "concluded_at", "approved_by", "approved_at", "told_at"]
        ),
    ]
