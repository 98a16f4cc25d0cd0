"""Official letters 正式文件: the province tells the registrar what to issue, with the data tables."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Authority, Person
from registry.models.two_people import differ
from registry.permissions import Act, Paths


class Letter(models.Model):
    """A letter over approved runs of one authority, year and kind, and how far the registrar is with it.

    `tables_sha256` is the workbook of official tables that the letter encloses, kept under that name.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        SENT = "sent", _("sent to the registrar")
        PREPARED = "prepared", _("issue prepared")
        EXECUTED = "executed", _("issued")
        DISCARDED = "discarded", _("discarded")

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="letters", verbose_name=_("Authority"))
    year = models.PositiveSmallIntegerField(_("Year"))
    kind = models.CharField(
        _("Kind"),
        max_length=16,
        choices=[("pre_allocation", _("Pre-allocation")), ("determination", _("Determination"))],
    )
    number = models.CharField(_("Number"), max_length=60)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.DRAFTED)
    tables_sha256 = models.CharField(max_length=64)
    total = models.BigIntegerField(_("Quota to issue"))
    to_return = models.BigIntegerField(_("Quota to be returned"), default=0)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("Sent"), null=True)
    prepared_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(_("Issued"), null=True)

    WHOSE = Paths(view=Act.VIEW_LETTER, authority="authority")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number"], condition=~Q(state="discarded"), name="letter_number_once"
            ),
            models.CheckConstraint(name="letter_kind_known", condition=Q(kind__in=["pre_allocation", "determination"])),
            models.CheckConstraint(
                name="letter_state_known",
                condition=Q(state__in=["drafted", "sent", "prepared", "executed", "discarded"]),
            ),
            models.CheckConstraint(name="letter_four_eyes", condition=differ("executed_by", "prepared_by")),
            models.CheckConstraint(
                name="letter_executed_complete",
                condition=~Q(state="executed")
                | Q(prepared_by__isnull=False, executed_by__isnull=False, executed_at__isnull=False),
            ),
            models.CheckConstraint(name="letter_amounts", condition=Q(total__gte=0, to_return__gte=0)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def only_takes_back(self) -> bool:
        """Whether nothing is issued on it: it only has quota taken back."""
        return not self.total and self.to_return > 0

    @property
    def state_label(self) -> str:
        """The state in words; a letter that only takes back has nothing issued by it."""
        said = _TAKING_BACK.get(self.State(self.state)) if self.only_takes_back else None
        return str(said or self.get_state_display())


_TAKING_BACK = {Letter.State.PREPARED: _("taking back prepared"), Letter.State.EXECUTED: _("taken back")}
