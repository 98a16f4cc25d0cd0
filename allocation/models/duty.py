"""The unit's duty: the notice that states it, the requests that surrender for it, the certificate that it is met."""

import datetime as dt
import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allocation import kept_shapes
from registry.law.calendar import end_of
from registry.models import Person, Unit
from registry.models.two_people import differ
from registry.permissions import Act, Paths
from registry.values import sectors


class Notice(models.Model):
    """The compliance notice 履约通知书 of a unit and year. Append-only.

    `due` is over all the unit's sectors (one duty, any sector's quota serves); `sector` is the one with most of it,
    under which the unit is counted in figures by sector; `by_sector` maps sector → tonnes. `ccer` are the conditions that the plan
    had when it was sent; None where no reductions counted, and in notices of before they named them.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices")
    year = models.PositiveSmallIntegerField(_("Year"))
    number = models.CharField(_("Number"), max_length=40, unique=True)
    sector = models.CharField(_("Sector"), max_length=12, choices=sectors.choices)
    by_sector = models.JSONField()
    due = models.BigIntegerField(_("Due"))
    deadline = models.DateField(_("Deadline"))
    ccer = models.JSONField(null=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("Sent"))

    WHOSE = Paths(view=Act.VIEW_NOTICE, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["-year", "unit__credit_code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="notice_once"),
            models.CheckConstraint(name="notice_due_positive", condition=Q(due__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def ccer_conditions(self) -> kept_shapes.CcerConditions | None:
        conditions: kept_shapes.CcerConditions | None = self.ccer
        return conditions

    @property
    def deadline_instant(self) -> dt.datetime:
        return end_of(self.deadline)


class SurrenderRequest(models.Model):
    """A unit's request to surrender tonnes for a year: clerk, the unit's approver, the province, the registrar, in this order.

    The tonnes of its items are reserved in the unit's account while it is open.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("awaiting the unit's approver")
        CONFIRMED = "confirmed", _("awaiting the province")
        APPROVED = "approved", _("awaiting the registrar")
        EXECUTED = "executed", _("executed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (State.REQUESTED, State.CONFIRMED, State.APPROVED)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="surrender_requests")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="requests")
    year = models.PositiveSmallIntegerField(_("Year"))
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.REQUESTED)
    total = models.BigIntegerField(_("Tonnes"))
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("Requested"))
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(_("Executed"), null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # refused or withdrew it
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    WHOSE = Paths(view=Act.VIEW_SURRENDER, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "year", "state"])]
        constraints = [
            models.CheckConstraint(
                name="surrender_state_known",
                condition=Q(state__in=["requested", "confirmed", "approved", "executed", "refused", "withdrawn"]),
            ),
            models.CheckConstraint(name="surrender_total_positive", condition=Q(total__gt=0)),
            models.CheckConstraint(
                name="surrender_four_eyes",
                condition=differ("confirmed_by", "requested_by") & differ("executed_by", "approved_by"),
            ),
            models.CheckConstraint(name="surrender_refused_with_reason", condition=~Q(state="refused") | ~Q(reason="")),
            models.CheckConstraint(
                name="surrender_executed_complete",
                condition=~Q(state="executed")
                | Q(confirmed_by__isnull=False, approved_by__isnull=False, executed_by__isnull=False),
            ),
        ]

    @property
    def waits_since(self) -> dt.datetime:
        """Since when an open request lies with whom its state names."""
        return self.approved_at or self.confirmed_at or self.requested_at

    @property
    def is_late(self) -> bool:
        """Whether it was executed after the deadline of its notice."""
        return self.executed_at is not None and self.executed_at > self.notice.deadline_instant


class SurrenderItem(models.Model):
    """How many tonnes of which vintage a request surrenders. Append-only."""

    request = models.ForeignKey(SurrenderRequest, models.PROTECT, related_name="items")
    vintage = models.PositiveSmallIntegerField(_("Vintage"))
    quantity = models.BigIntegerField(_("Tonnes"))

    class Meta:
        ordering = ["vintage"]
        constraints = [
            models.UniqueConstraint(fields=["request", "vintage"], name="surrender_item_once"),
            models.CheckConstraint(name="surrender_item_positive", condition=Q(quantity__gt=0)),
        ]


class Certificate(models.Model):
    """The certificate 履约证明 that a unit met a year's duty of `due` tonnes in full. Append-only.

    A duty that grows afterwards opens the year again; when it is met, another certificate says so.

    `content` (canonical JSON) is all it says; `code` is the head of the content's sha256, by which anyone can check a copy.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="certificates")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField(_("Year"))
    due = models.BigIntegerField(_("Due"))
    number = models.CharField(_("Number"), max_length=40, unique=True)
    issued_at = models.DateTimeField(_("Issued"))
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    late = models.BooleanField(_("Late"))
    content = models.TextField()
    code = models.CharField(max_length=24)

    WHOSE = Paths(view=Act.VIEW_CERTIFICATE, unit="unit", authority="unit__authority")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "due"], name="certificate_once_for_a_duty")]

    @property
    def says(self) -> dict[str, Any]:
        """The content as data."""
        found: dict[str, Any] = json.loads(self.content)
        return found
