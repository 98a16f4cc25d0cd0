"""Allocation's lists."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation import labels
from allocation.models import (
    Account,
    Award,
    BalanceValue,
    Entry,
    LeftOut,
    Letter,
    Notice,
    Run,
    Settlement,
    SurrenderRequest,
    Transaction,
)
from allocation.plans import vintage_labels
from allocation.queries import Row
from registry.law.calendar import as_term
from registry.templatetags.components import badge
from registry.values import figures

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
TIGHT = {"th": {"class": "tight"}, "td": {"class": "tight"}}
CODE = {"td": {"class": "code"}}


class TonnesColumn(tables.Column):
    """Whole tonnes, right-aligned, with their sum at the foot where `total` gives it."""

    def __init__(self, *args: Any, total: str = "", **kwargs: Any) -> None:
        super().__init__(*args, attrs=NUMBER, **kwargs)
        self._total = total
        if total:
            self._footer = lambda table: figures.tonnes(table.totals.get(total))

    def render(self, value: int) -> str:
        return figures.tonnes(value)


class VintageColumn(tables.Column):
    """A vintage as the exchange labels it; what is exported is read back as the same."""

    def render(self, value: int) -> str:
        return vintage_labels.label(value)


class ChangeColumn(tables.Column):
    """Whole tonnes that something changes by, with their sign; their sum at the foot is what `total` makes of the table's totals."""

    def __init__(self, *args: Any, total: Callable[[Mapping[str, int]], int], **kwargs: Any) -> None:
        super().__init__(*args, attrs=NUMBER, orderable=False, **kwargs)
        self._footer = lambda table: figures.change(total(table.totals))

    def render(self, value: int) -> str:
        return figures.change(value)


class DayColumn(tables.Column):
    """A day or the day of an instant, as narrow as can be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=TIGHT, **kwargs)

    def render(self, value: Any) -> str:
        return figures.day(value)


class TermColumn(DayColumn):
    """The end of a term of working days, with a word where it can only be the latest day."""

    def render(self, value: Any) -> str:
        return figures.day(as_term(value))


class BalanceValueTable(tables.Table):
    sector = tables.Column(linkify=("allocation:balance_value", {"pk": tables.A("pk")}), verbose_name=_("Sector"))
    year = tables.Column(attrs=TIGHT)
    value = tables.Column(attrs=NUMBER)
    state = tables.Column()
    computed_by = tables.Column(verbose_name=_("Requested by"), orderable=False)
    requested_at = tables.Column(verbose_name=_("Computed"))
    published_at = DayColumn(verbose_name=_("Published"))

    class Meta:
        model = BalanceValue
        fields = ("sector", "year", "value", "state", "computed_by", "requested_at", "published_at")
        order_by = ("-year", "sector", "-pk")
        empty_text = _("No balance value has been computed yet.")

    def __init__(self, *args: Any, stale: Collection[int] = (), **kwargs: Any) -> None:
        self._stale = stale
        super().__init__(*args, **kwargs)

    def render_requested_at(self, value: dt.datetime) -> str:
        return figures.instant(value)

    def render_value(self, value: Any) -> str:
        return figures.quantity(value, 4)

    def render_state(self, record: BalanceValue) -> SafeString:
        if record.pk in self._stale:
            return badge(_("stale: recompute"), "danger")
        return badge(record.get_state_display(), labels.BALANCE_VALUE_TONES[BalanceValue.State(record.state)])


class RunTable(tables.Table):
    kind = tables.Column(linkify=("allocation:run", {"pk": tables.A("pk")}), verbose_name=_("Run"))
    year = tables.Column(attrs=TIGHT)
    sector = tables.Column()
    authority = tables.Column(order_by="authority__code")
    state = tables.Column()
    quota = TonnesColumn(verbose_name=_("Quota"), accessor="quota_total", orderable=False)
    prepared_by = tables.Column(verbose_name=_("Prepared by"), orderable=False)
    requested_at = DayColumn(verbose_name=_("Requested"))

    class Meta:
        model = Run
        fields = ("kind", "year", "sector", "authority", "state", "quota", "prepared_by", "requested_at")
        order_by = ("-requested_at", "-pk")
        empty_text = _("No run matches.")

    def render_state(self, record: Any) -> SafeString:
        if record.state == Run.State.APPROVED and record.replaced:
            return badge(_("approved, replaced since"), "neutral")
        return badge(record.get_state_display(), labels.RUN_TONES[Run.State(record.state)])


class AwardTable(tables.Table):
    """A run's awards; `totals` are the sums of all of them, not of the page."""

    line = tables.Column(
        linkify=("allocation:award", {"pk": tables.A("pk")}), verbose_name=_("Line"), order_by="line__code"
    )
    unit = tables.Column(order_by="unit__name", verbose_name=_("Unit"), footer=_("Total"))
    emissions = TonnesColumn(verbose_name=_("Verified emissions"), total="emissions")
    intensity = tables.Column(verbose_name=_("Intensity"), attrs=NUMBER, orderable=False)
    deviation = tables.Column(verbose_name=_("Deviation"), attrs=NUMBER, orderable=False)
    coefficient = tables.Column(verbose_name=_("Coefficient"), attrs=NUMBER, orderable=False)
    quota = TonnesColumn(verbose_name=_("Quota"), total="quota")
    due = TonnesColumn(verbose_name=_("Due"), total="due")
    case = tables.Column(verbose_name=_("Why"), attrs={"td": {"class": "wrap"}})

    class Meta:
        model = Award
        fields = ("line", "unit", "emissions", "intensity", "deviation", "coefficient", "quota", "due", "case")
        attrs = {"class": "hold", "label": _("Line allocations")}

    def __init__(self, *args: Any, totals: dict[str, int], **kwargs: Any) -> None:
        self.totals = totals
        super().__init__(*args, **kwargs)

    def render_intensity(self, record: Award) -> str:
        return figures.intensity(record.exact_intensity)

    def render_deviation(self, record: Award) -> str:
        return figures.percent(record.exact_deviation)

    def render_coefficient(self, record: Award) -> str:
        return figures.coefficient(record.exact_coefficient)

    def render_case(self, value: str) -> str:
        return str(labels.CASES.get(value, value))


class LeftOutTable(tables.Table):
    line = tables.Column(verbose_name=_("Line"))
    unit = tables.Column(verbose_name=_("Unit"))
    reason = tables.Column(verbose_name=_("Why nothing"), attrs={"td": {"class": "wrap"}})

    class Meta:
        model = LeftOut
        fields = ("line", "unit", "reason")
        orderable = False
        empty_text = _("No line was left out.")


class SettlementTable(tables.Table):
    """What a run means for each unit; `totals` are the sums of all of them."""

    unit = tables.Column(verbose_name=_("Unit"), order_by="unit__name", footer=_("Total"))
    pre_allocated = TonnesColumn(verbose_name=_("Pre-allocated"), total="pre_allocated")
    since_advance = ChangeColumn(
        verbose_name=_("Deducted from pre-allocation"), total=lambda sums: sums["issued_before"] - sums["pre_allocated"]
    )
    determined = TonnesColumn(verbose_name=_("Determined"), total="determined")
    deduction_returned = TonnesColumn(verbose_name=_("Deduction returned"), total="deduction_returned")
    deducted = TonnesColumn(verbose_name=_("Deducted"), total="deducted")
    issued_before = TonnesColumn(verbose_name=_("Issued before"), total="issued_before")
    issued_now = TonnesColumn(verbose_name=_("Issue now (− return)"), total="issued_now")
    issued_total = TonnesColumn(verbose_name=_("Issued in total"), total="issued_total")
    pot_left = TonnesColumn(verbose_name=_("Still to be deducted"), total="pot_left")
    due = TonnesColumn(verbose_name=_("Due"), total="due")

    class Meta:
        model = Settlement
        fields = (
            "unit",
            "pre_allocated",
            "since_advance",
            "determined",
            "deduction_returned",
            "deducted",
            "issued_before",
            "issued_now",
            "issued_total",
            "pot_left",
            "due",
        )
        attrs = {"class": "hold", "label": _("Units")}

    def __init__(self, *args: Any, run: Run, totals: dict[str, int], **kwargs: Any) -> None:
        """Columns of deductions stand there only where something is deducted, now or in advance."""
        self.totals = totals
        again = run.time > 1
        in_advance = run.kind == Run.Kind.DETERMINATION and (
            again or totals["issued_before"] != totals["pre_allocated"]
        )
        deductions = ("deduction_returned", "deducted", "pot_left")
        without = [] if in_advance or any(totals[name] for name in deductions) else list(deductions)
        super().__init__(*args, exclude=(*without, *([] if in_advance else ["since_advance"])), **kwargs)
        if again:
            self.columns["since_advance"].column.verbose_name = _("Settled since, less deducted from pre-allocation")


class LetterTable(tables.Table):
    number = tables.Column(linkify=("allocation:letter", {"pk": tables.A("pk")}), verbose_name=_("Document number"))
    authority = tables.Column(order_by="authority__code")
    year = tables.Column(attrs=TIGHT)
    kind = tables.Column()
    state = tables.Column()
    total = TonnesColumn()
    to_return = TonnesColumn()
    sent_at = DayColumn(verbose_name=_("Sent"))
    executed_at = DayColumn(verbose_name=_("Issued"))

    class Meta:
        model = Letter
        fields = ("number", "authority", "year", "kind", "state", "total", "to_return", "sent_at", "executed_at")
        order_by = ("-pk",)
        empty_text = _("No letter matches.")
        attrs = {"class": "cards"}

    def render_state(self, record: Letter) -> SafeString:
        return badge(record.get_state_display(), labels.LETTER_TONES[Letter.State(record.state)])


class AccountTable(tables.Table):
    owner = tables.Column(
        verbose_name=_("Owner"),
        empty_values=(),
        linkify=("allocation:account", {"pk": tables.A("pk")}),
        order_by=("unit__name", "authority__code"),
    )
    kind = tables.Column()
    authority = tables.Column(verbose_name=_("Authority"), order_by="authority__code")
    held = TonnesColumn(verbose_name=_("Held"), accessor="held", order_by="held")
    reserved = TonnesColumn(verbose_name=_("Reserved"), accessor="reserved", order_by="reserved")
    frozen = tables.Column(verbose_name=_("State"))

    class Meta:
        model = Account
        fields = ("owner", "kind", "authority", "held", "reserved", "frozen")
        order_by = ("kind", "owner", "pk")
        empty_text = _("No account matches.")

    def render_owner(self, record: Account) -> str:
        return str(record)

    def render_frozen(self, value: bool) -> SafeString | str:
        return badge(_("frozen"), "danger") if value else badge(_("not frozen"), "ok")


class EntryTable(tables.Table):
    at = tables.Column(accessor="transaction__at", verbose_name=_("When"), attrs=TIGHT)
    kind = tables.Column(accessor="transaction", verbose_name=_("Transaction"))
    vintage = VintageColumn(attrs=TIGHT)
    amount = TonnesColumn(verbose_name=_("In (+) or out (−)"))
    balance = TonnesColumn(verbose_name=_("Held after it"))
    note = tables.Column(accessor="transaction__note", verbose_name=_("On the ground of"), empty_values=())

    class Meta:
        model = Entry
        fields = ("at", "kind", "vintage", "amount", "balance", "note")
        orderable = False
        empty_text = _("No transactions in this account yet.")

    def render_at(self, record: Entry) -> SafeString | str:
        posted = record.transaction
        if posted.kind != Transaction.Kind.TRADE:
            return figures.instant(posted.at)
        if posted.posted_at is None:
            return figures.day(posted.at)
        booked = _("posted %(when)s") % {"when": figures.instant(posted.posted_at)}
        return format_html('{}<br><span class="muted small">{}</span>', figures.day(posted.at), booked)

    def render_kind(self, record: Entry) -> SafeString:
        address = reverse("allocation:transaction", args=[record.transaction_id])
        return format_html('<a href="{}">{}</a>', address, record.transaction.get_kind_display())

    def render_note(self, record: Entry) -> SafeString | str:
        posted = record.transaction
        if posted.request_id is not None:
            address = reverse("allocation:surrender", args=[posted.request_id])
            return format_html('<a href="{}">{} {}</a>', address, _("Surrender request"), posted.request_id)
        if posted.kind == Transaction.Kind.TRADE:
            return _("Trade on the exchange, reference %(reference)s") % {"reference": posted.note or posted.key[6:]}
        return posted.note or posted.key


class NoticeTable(tables.Table):
    number = tables.Column(linkify=("allocation:notice", {"pk": tables.A("pk")}))
    unit = tables.Column(order_by="unit__name", verbose_name=_("Unit"))
    year = tables.Column(attrs=TIGHT)
    due = TonnesColumn()
    deadline = DayColumn()
    sent_at = DayColumn()

    class Meta:
        model = Notice
        fields = ("number", "unit", "year", "due", "deadline", "sent_at")
        order_by = ("-year", "number", "pk")
        empty_text = _("No notice has been sent.")


class SurrenderTable(tables.Table):
    unit = tables.Column(
        linkify=("allocation:surrender", {"pk": tables.A("pk")}), order_by="unit__name", verbose_name=_("Unit")
    )
    year = tables.Column(attrs=TIGHT)
    total = TonnesColumn()
    state = tables.Column()
    deadline = DayColumn(accessor="notice__deadline", verbose_name=_("Deadline"))
    requested_at = DayColumn()
    executed_at = DayColumn()

    class Meta:
        model = SurrenderRequest
        fields = ("unit", "year", "total", "state", "deadline", "requested_at", "executed_at")
        order_by = ("-requested_at", "-pk")
        empty_text = _("No surrender request matches.")

    def render_state(self, record: SurrenderRequest) -> SafeString:
        tone = labels.SURRENDER_TONES[SurrenderRequest.State(record.state)]
        return badge(_("executed late"), "warn") if record.is_late else badge(record.get_state_display(), tone)


class ComplianceTable(tables.Table):
    unit = tables.Column(accessor="notice__unit", verbose_name=_("Unit"), order_by="notice__unit__name")
    authority = tables.Column(accessor="notice__unit__authority", verbose_name=_("Authority"), orderable=False)
    due = TonnesColumn(accessor="standing__due", verbose_name=_("Due"))
    surrendered = TonnesColumn(accessor="standing__surrendered", verbose_name=_("Surrendered"))
    missing = TonnesColumn(accessor="standing__missing", verbose_name=_("Outstanding"))
    over = TonnesColumn(accessor="standing__over", verbose_name=_("Surplus surrendered"))
    state = tables.Column(accessor="standing__status", verbose_name=_("Status"))

    class Meta:
        empty_text = _("No unit had a notice for this year on that day.")

    def render_unit(self, record: Row) -> SafeString:
        address = reverse("allocation:quota_of", args=[record.notice.unit_id])
        return format_html('<a href="{}">{}</a>', address, record.notice.unit)

    def render_state(self, record: Row) -> SafeString:
        return badge(record.standing.label, record.standing.tone)
