"""Imports of the exchange's record: one person of the registrar proposes a table of trades, another executes or refuses it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allocation.models.ledger import Account
from registry.models import Job, Person
from registry.models.two_people import differ
from registry.permissions import Act, Paths


class TradeImport(models.Model):
    """A table as it was uploaded, kept whole under `sha256`, and how far it is.

    `trades` and `quantity` count the rows that were new when it was proposed. `faults` says why the last attempt to execute it came
    to nothing, as [line of the file, what is wrong].
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("awaiting a second person")
        EXECUTING = "executing", _("being executed")
        EXECUTED = "executed", _("executed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (State.PROPOSED, State.EXECUTING)

    name = models.CharField(_("File"), max_length=200)
    sha256 = models.CharField(max_length=64)
    trades = models.PositiveIntegerField(_("Trades"))
    quantity = models.BigIntegerField(_("Tonnes"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    faults = models.JSONField(default=list)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Proposed by"))
    proposed_at = models.DateTimeField(_("Proposed"))
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("Decided by"))
    decided_at = models.DateTimeField(_("Decided"), null=True)
    refusal_reason = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")

    WHOSE = Paths(view=Act.VIEW_TRADES)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(state__in=["proposed", "executing"]), name="trade_import_open_once"
            ),
            models.CheckConstraint(
                name="trade_import_state_known",
                condition=Q(state__in=["proposed", "executing", "executed", "refused", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="trade_import_four_eyes",
                condition=differ("decided_by", "proposed_by"),
            ),
            models.CheckConstraint(
                name="trade_import_decided",
                condition=Q(state__in=["proposed", "withdrawn"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="trade_import_refused_with_reason", condition=~Q(state="refused") | ~Q(refusal_reason="")
            ),
            models.CheckConstraint(name="trade_import_amounts", condition=Q(trades__gt=0, quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class TradeRow(models.Model):
    """A row of an import as written; `line` is its line in the file. Append-only.

    `known` rows say again what an earlier row or import said, and are passed over.
    """

    imported = models.ForeignKey(TradeImport, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(_("Line of the file"))
    reference = models.CharField(_("Reference"), max_length=60)
    traded_on = models.DateField(_("Day"))
    seller = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("Seller"))
    buyer = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("Buyer"))
    vintage = models.PositiveSmallIntegerField(_("Vintage"))
    quantity = models.BigIntegerField(_("Tonnes"))
    known = models.BooleanField(default=False)

    class Meta:
        # The order in which the trades count: a day's trades as the exchange lists them.
        ordering = ["traded_on", "line"]
        constraints = [
            models.UniqueConstraint(fields=["imported", "line"], name="trade_row_once"),
            models.CheckConstraint(name="trade_row_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="trade_row_two_parties", condition=~Q(seller=F("buyer"))),
        ]

    @property
    def content(self) -> tuple[object, ...]:
        """What a reference that is met again must say again."""
        return (self.traded_on, self.seller_id, self.buyer_id, self.vintage, self.quantity)
