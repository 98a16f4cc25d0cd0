"""The ledger: accounts, what they hold by vintage, and every movement in double entry."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import Authority, Person, Unit
from registry.permissions import Act, Paths
from registry.values.bilingual import in_language


def _own_or_held(unit: int) -> Q:
    return Q(unit=unit) | Q(held_for=unit)


def _entry_own_or_held(unit: int) -> Q:
    return Q(account__unit=unit) | Q(account__held_for=unit)


class Account(models.Model):
    """Where quota lies. One per owner; `source` and `retired` belong to the market and exist once.

    `authority` is the owner of a province's account and, for a unit's, the authority that administers the unit. A `withheld` account is
    the province's, kept apart for the one differentiated unit that it is `held_for`.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", _("unit's account")
        PROVINCE = "province", _("province's account")
        WITHHELD = "withheld", _("province's account, withheld for a unit")
        SOURCE = "source", _("creation of quota")
        RETIRED = "retired", _("surrendered quota")

    FREEZABLE = (Kind.UNIT, Kind.PROVINCE, Kind.WITHHELD)

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="accounts")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="accounts")
    held_for = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="withheld_accounts")
    opened_at = models.DateTimeField()
    frozen = models.BooleanField(_("Frozen"), default=False)
    freeze_reason = models.CharField(max_length=300, blank=True)

    WHOSE = Paths(view=Act.VIEW_ACCOUNT, unit=_own_or_held, authority="authority")

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(kind="unit"), name="account_per_unit"),
            models.UniqueConstraint(fields=["authority"], condition=Q(kind="province"), name="account_per_province"),
            models.UniqueConstraint(fields=["held_for"], condition=Q(kind="withheld"), name="account_withheld_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind__in=["source", "retired"]), name="account_of_market"
            ),
            models.CheckConstraint(
                name="account_owner_matches_kind",
                condition=Q(kind="unit", unit__isnull=False, authority__isnull=False, held_for__isnull=True)
                | Q(kind="province", unit__isnull=True, authority__isnull=False, held_for__isnull=True)
                | Q(kind="withheld", unit__isnull=True, authority__isnull=False, held_for__isnull=False)
                | Q(kind__in=["source", "retired"], unit__isnull=True, authority__isnull=True, held_for__isnull=True),
            ),
            models.CheckConstraint(name="account_frozen_with_reason", condition=Q(frozen=False) | ~Q(freeze_reason="")),
        ]

    def __str__(self) -> str:
        if self.held_for:
            return in_language(f"{self.authority}（{self.held_for}）", f"{self.authority} ({self.held_for})")
        return str(self.unit or self.authority or self.get_kind_display())


class Transaction(models.Model):
    """One movement of quota: its entries sum to zero per vintage. Append-only.

    `key` makes posting idempotent; `digest` covers kind and entries, so the same key can't post something else.
    """

    class Kind(models.TextChoices):
        CREATION = "creation", _("creation of a vintage")
        ISSUE = "issue", _("issue to units")
        RETURN = "return", _("returned to the province")
        TRADE = "trade", _("trade")
        SURRENDER = "surrender", _("surrender")
        WITHHOLDING = "withholding", _("withheld for a unit")
        RELEASE = "release", _("release of withheld quota")

    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("At"))  # from when on it counts
    posted_at = models.DateTimeField(null=True)  # when it was entered, where that is later than it counts
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey("allocation.Letter", models.PROTECT, null=True, related_name="transactions")
    request = models.ForeignKey("allocation.SurrenderRequest", models.PROTECT, null=True, related_name="transactions")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "at"])]
        constraints = [
            models.CheckConstraint(
                name="transaction_kind_known",
                condition=Q(kind__in=["creation", "issue", "return", "trade", "surrender", "withholding", "release"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Entry(models.Model):
    """Tonnes of a vintage into (+) or out of (−) one account. Append-only."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    vintage = models.PositiveSmallIntegerField(_("Vintage"))
    amount = models.BigIntegerField(_("Tonnes"))

    WHOSE = Paths(view=Act.VIEW_ACCOUNT, unit=_entry_own_or_held, authority="account__authority")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["account", "vintage"])]
        constraints = [models.CheckConstraint(name="entry_not_zero", condition=~Q(amount=0))]


class Holding(models.Model):
    """What an account holds of a vintage. `reserved` tonnes are promised to open surrender requests and can't leave otherwise.

    Only the source may go below zero: it stands at minus what was ever created.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="holdings")
    vintage = models.PositiveSmallIntegerField(_("Vintage"))
    amount = models.BigIntegerField(_("Tonnes"), default=0)
    reserved = models.BigIntegerField(_("Reserved"), default=0)
    is_source = models.BooleanField(default=False)

    class Meta:
        ordering = ["account", "vintage"]
        constraints = [
            models.UniqueConstraint(fields=["account", "vintage"], name="holding_once"),
            models.CheckConstraint(name="holding_not_negative", condition=Q(amount__gte=0) | Q(is_source=True)),
            models.CheckConstraint(
                name="holding_reserved_within",
                condition=Q(reserved=0) | Q(reserved__gt=0, reserved__lte=F("amount")),
            ),
        ]

    @property
    def free(self) -> int:
        """Tonnes that may leave the account."""
        return self.amount - self.reserved


class Trade(models.Model):
    """A trade on the exchange as its record tells it; quota only, money stays with the exchange. Append-only."""

    reference = models.CharField(max_length=60, unique=True)
    traded_on = models.DateField()
    seller = models.ForeignKey(Account, models.PROTECT, related_name="sales")
    buyer = models.ForeignKey(Account, models.PROTECT, related_name="purchases")
    vintage = models.PositiveSmallIntegerField()
    quantity = models.BigIntegerField()
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="trade")

    class Meta:
        ordering = ["-traded_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="trade_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="trade_two_parties", condition=~Q(seller=F("buyer"))),
        ]
