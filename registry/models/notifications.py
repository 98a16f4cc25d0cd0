"""What people are told, in the application and by e-mail."""

from django.db import models
from django.db.models import Q

from registry.models.people import Person
from registry.permissions import Act, Paths


class Mail(models.Model):
    """One person's e-mail of one day, over all that they were told since the last. It is in the outbox until the mail server has taken it.

    `claimed_until`: a worker is handing it over at this moment. The text is written when it is sent (registry.notifications.outbox).
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"  # read meanwhile, or no longer wanted
        GIVEN_UP = "given_up"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mail_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="mail_one_a_day"),
            models.CheckConstraint(
                name="mail_state_known", condition=Q(state__in=["waiting", "sent", "dropped", "given_up"])
            ),
            models.CheckConstraint(
                name="mail_sent_has_instant",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.day}"


class Notification(models.Model):
    """One thing that one person is told. Its text is made from `kind` and `params` in the reader's language (registry.notifications).

    `key` says what it is about; telling a person the same again is telling them once.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="notifications")

    WHOSE = Paths(view=Act.VIEW_NOTIFICATION, person="person")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person", "at"]),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notification_once"),
            models.CheckConstraint(name="notification_link_within", condition=Q(link__regex=r"^/([^/]|$)")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
