"""A unit's months may wait for its approver's confirmation before they are submitted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from registry.database.append_only import AppendOnly
from registry.database.frozen_once import FrozenOnce
from registry.database.remade import Together

ENDED = ["confirmed", "returned", "taken_back"]


def person(**how):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **how)


def of(model, name):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model)


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0012_seat_changes"),
        ("reporting", "0008_listed_late"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WayOfSubmitting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", of("registry.unit", "ways_of_submitting")),
                ("confirmed", models.BooleanField()),
                ("by", person()),
                ("at", models.DateTimeField()),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="HandingOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("package", of("reporting.package", "handings")),
                ("submission", of("reporting.submission", "handings")),
                ("declared", models.CharField(blank=True, max_length=20)),
                ("by", person()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "with the enterprise's approver"),
                            ("confirmed", "confirmed and submitted"),
                            ("returned", "sent back to the clerk"),
                            ("taken_back", "taken back by the clerk"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("ended_by", person(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("state", "open")), fields=("package",), name="handing_one_at_a_time"
                    ),
                    models.CheckConstraint(condition=Q(("state__in", ["open", *ENDED])), name="handing_state_known"),
                    models.CheckConstraint(
                        condition=Q(
                            ("state", "taken_back"),
                            ("ended_by__isnull", True),
                            Q(("ended_by", F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="handing_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("state", "open")),
                            Q(
                                Q(("state", "open"), _negated=True),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="handing_ended_complete",
                    ),
                    models.CheckConstraint(
                        condition=Q(("reason", ""), ("state", "returned"), _negated=True),
                        name="handing_return_has_reason",
                    ),
                ],
            },
        ),
        Together([
            migrations.AddField(
                model_name="package",
                name="handing",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="reporting.handingover",
                ),
            ),
            migrations.AddConstraint(
                model_name="package",
                constraint=models.CheckConstraint(
                    condition=Q(("handing__isnull", True), ("state", "read"), _connector="OR"),
                    name="package_handed_over_is_read",
                ),
            ),
        ]),
        AppendOnly("WayOfSubmitting"),
        FrozenOnce("HandingOver", but=["state", "ended_by", "ended_at", "reason"]),
        FrozenOnce("HandingOver", when={"state": ENDED}),
    ]
