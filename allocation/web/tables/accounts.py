"""The list of accounts, and the entries of one."""

import datetime as dt

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from allocation.models import Account, Entry, Transaction
from allocation.plans import vintage_labels
from registry.templatetags.components import badge
from registry.values import figures
from registry.web.columns import TIGHT, Column, PageColumn, TonnesColumn


class VintageColumn(Column):
    """A vintage as the exchange labels it; what is exported is read back as the same."""

    attrs_of_kind = TIGHT

    def render(self, value: int) -> str:
        return vintage_labels.label(value)


class AccountTable(tables.Table):
    owner = PageColumn(
        "allocation:account",
        verbose_name=_("Owner"),
        empty_values=(),
        order_by=("unit__pinyin", "unit__name", "authority__code"),
    )
    kind = Column()
    authority = Column(verbose_name=_("Authority"), order_by="authority__code")
    held = TonnesColumn(summed=True, verbose_name=_("Held"), accessor="held", order_by="held")
    reserved = TonnesColumn(summed=True, verbose_name=_("Reserved"), accessor="reserved", order_by="reserved")
    frozen = Column(verbose_name=_("State"))

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
    at = Column(accessor="transaction__at", verbose_name=_("When"), attrs=TIGHT)
    kind = Column(accessor="transaction", verbose_name=_("Transaction"))
    vintage = VintageColumn()
    amount = TonnesColumn(summed=True, verbose_name=_("In (+) or out (−)"))
    balance = TonnesColumn(verbose_name=_("Held after it"))
    note = Column(accessor="transaction__note", verbose_name=_("On the ground of"), empty_values=())

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

    def value_at(self, value: dt.datetime) -> str:
        return timezone.localtime(value).isoformat(timespec="seconds")

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
