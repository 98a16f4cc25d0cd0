"""What of allocation is found: runs, and by their numbers letters, notices, certificates and transactions."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation.models import AdjustmentNotice, Certificate, Entry, Letter, Notice, Run, Trade, Transaction
from registry import access
from registry.law.calendar import local_day
from registry.permissions import Act
from registry.web.search import Asked, Found, Hit, found, offer

__all__ = ["offer_all"]


def offer_all() -> None:
    """Have these looked for, in the order of a year's work."""
    offer(runs, letters, notices, adjustments, certificates, transactions)


def runs(asked: Asked) -> Found | None:
    """The runs of the province, sector or kind that the words name, in the year that was."""
    rows = Run.objects.select_related("authority").defer("manifest")
    rows = access.scoped(asked.person, Act.VIEW_RUN, rows)
    if asked.term.key is not None:
        rows = rows.filter(pk=asked.term.key)
    elif asked.term.words:
        for word in asked.term.words:
            rows = rows.filter(_run_like(word))
        if asked.term.year is not None:
            rows = rows.filter(year=asked.term.year)
    else:
        return None

    def hit(run: Run) -> Hit:
        url = reverse("allocation:run", args=[run.pk])
        return Hit(str(run), run.get_state_display(), url, local_day(run.requested_at), run.pk == asked.term.key)

    return found(_("Quota runs"), rows.order_by("-year", "authority", "sector", "-pk"), hit)


def _run_like(word: str) -> Q:
    sectors = _labelled(Run._meta.get_field("sector").flatchoices, word)
    kinds = _labelled(Run.Kind.choices, word)
    authority = Q(authority__name_zh__icontains=word) | Q(authority__name_en__icontains=word)
    return authority | Q(sector__in=sectors) | Q(kind__in=kinds)


def _labelled(choices: Iterable[tuple[Any, Any]], word: str) -> list[Any]:
    return [value for value, label in choices if word.lower() in str(label).lower()]


def letters(asked: Asked) -> Found | None:
    """By a part of the number that the province gave them."""
    if not asked.term.number:
        return None
    rows = access.scoped(asked.person, Act.VIEW_LETTER, Letter.objects.select_related("authority"))

    def hit(letter: Letter) -> Hit:
        said = f"{letter.authority} · {letter.year} · {letter.get_state_display()}"
        url = reverse("allocation:letter", args=[letter.pk])
        return Hit(letter.number, said, url, is_exact=letter.number == asked.term.text)

    return found(_("Official letters"), rows.filter(number__icontains=asked.term.number).order_by("-pk"), hit)


def notices(asked: Asked) -> Found | None:
    return _papers(asked, Act.VIEW_NOTICE, Notice, _("Compliance notices"), "allocation:notice", "sent_at")


def adjustments(asked: Asked) -> Found | None:
    return _papers(
        asked, Act.VIEW_NOTICE, AdjustmentNotice, _("Adjustment notices"), "allocation:adjustment", "sent_at"
    )


def certificates(asked: Asked) -> Found | None:
    return _papers(
        asked, Act.VIEW_CERTIFICATE, Certificate, _("Compliance certificates"), "allocation:certificate", "issued_at"
    )


def _papers(asked: Asked, act: Act, model: type[Model], kind: Promise, page: str, written: str) -> Found | None:
    """What a unit was sent: by a part of its number, or all of the units that were named, in the year that was."""
    like = Q(number__icontains=asked.term.number) if asked.term.number else Q()
    if asked.units and not asked.term.month:
        of_units = Q(unit__in=asked.units)
        like |= of_units & Q(year=asked.term.year) if asked.term.year is not None else of_units
    if not like:
        return None
    rows: QuerySet[Any] = access.scoped(asked.person, act, model._default_manager.select_related("unit"))

    def hit(paper: Any) -> Hit:
        said = f"{paper.unit.name} · {paper.year}"
        when = local_day(getattr(paper, written))
        return Hit(paper.number, said, reverse(page, args=[paper.pk]), when, paper.number == asked.term.text)

    return found(kind, rows.filter(like).order_by("-pk"), hit)


def transactions(asked: Asked) -> Found | None:
    """By number, or by the exchange's reference of a trade; those of which an entry is the person's to see."""
    own = access.scoped(asked.person, Act.VIEW_ACCOUNT, Entry.objects.filter(transaction=OuterRef("pk")).order_by())
    traded = Trade.objects.filter(reference=asked.term.text).values("transaction")
    named = Q(pk__in=traded) if asked.term.key is None else Q(pk__in=traded) | Q(pk=asked.term.key)
    rows = Transaction.objects.filter(named).filter(Exists(own))

    def hit(transaction: Transaction) -> Hit:
        url = reverse("allocation:transaction", args=[transaction.pk])
        return Hit(str(transaction), transaction.note, url, local_day(transaction.at), is_exact=True)

    return found(_("Transactions"), rows, hit)
