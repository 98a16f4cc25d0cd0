import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from registry.append_only import AppendOnly

PROTECT = django.db.models.deletion.PROTECT


def key():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def place():
    return [
        ("table", models.CharField(blank=True, max_length=40)),
        ("line", models.CharField(blank=True, max_length=40)),
        ("process", models.CharField(blank=True, max_length=40)),
        ("item", models.CharField(blank=True, max_length=200)),
        ("part", models.CharField(blank=True, max_length=200)),
        ("name", models.CharField(blank=True, max_length=40)),
        ("sheet", models.CharField(blank=True, max_length=80)),
        ("cell", models.CharField(blank=True, max_length=20)),
        ("value", models.TextField(blank=True)),
    ]


def link(to, **names):
    return models.ForeignKey(on_delete=PROTECT, to=to, **names)


PERSON = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_parameter_changes"),
        ("reporting", "0009_evidence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("package", "risk", models.PositiveIntegerField(default=0)),
        migrations.AddField("package", "risk_parts", models.JSONField(default=list)),
        migrations.AddIndex(
            "package", models.Index(fields=["state", "-risk", "submitted_at", "id"], name="package_queue")
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                key(),
                *place(),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", link(PERSON, related_name="+")),
                ("package", link("reporting.package", related_name="questions")),
                ("submission", link("reporting.submission", related_name="questions")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.CheckConstraint(name="question_not_empty", condition=~Q(text=""))],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                key(),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", link(PERSON, related_name="+")),
                (
                    "question",
                    models.OneToOneField(on_delete=PROTECT, related_name="reply", to="reporting.question"),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.CheckConstraint(name="reply_not_empty", condition=~Q(text=""))],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                key(),
                *place(),
                ("reason", models.TextField()),
                ("event", link("reporting.packageevent", related_name="remarks")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["event", "table", "line", "process", "item", "part", "name"], name="remark_once"
                    ),
                    models.CheckConstraint(name="remark_not_empty", condition=~Q(reason="")),
                    models.CheckConstraint(name="remark_has_place", condition=~Q(table="")),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedAnswer",
            fields=[
                key(),
                ("reason", models.TextField()),
                (
                    "answer",
                    models.OneToOneField(on_delete=PROTECT, related_name="refusal", to="reporting.findinganswer"),
                ),
                ("event", link("reporting.packageevent", related_name="refused_answers")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.CheckConstraint(name="refused_answer_has_reason", condition=~Q(reason=""))],
            },
        ),
        AppendOnly("Question"),
        AppendOnly("Reply"),
        AppendOnly("Remark"),
        AppendOnly("RefusedAnswer"),
    ]
