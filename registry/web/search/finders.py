"""What of the registry is found: units, their lines, their people."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from registry import access
from registry.models import Line, Person, Unit
from registry.permissions import Act
from registry.web.search.asking import Asked, Found, Hit, found, offer
from registry.web.search.units import like, nearest_first, word_like

__all__ = ["offer_all"]


def offer_all() -> None:
    """Have the registry's own things looked for first."""
    offer(units, lines, people)


def units(asked: Asked) -> Found | None:
    """Those that every word fits."""
    if not (words := asked.term.words):
        return None
    rows = access.scoped(asked.person, Act.VIEW_UNIT, Unit.objects.select_related("authority")).filter(like(words))
    text = " ".join(words)
    url = f"{reverse('registry:units')}?{urlencode({'q': text})}"

    def hit(unit: Unit) -> Hit:
        exact = text in (unit.name, unit.credit_code) or text.upper() == unit.credit_code
        where = " · ".join(filter(None, (unit.credit_code, str(unit.authority), unit.city)))
        return Hit(unit.name, where, reverse("registry:unit", args=[unit.pk]), is_exact=exact)

    return found(_("Units"), nearest_first(rows, text), hit, url)


def lines(asked: Asked) -> Found | None:
    """Those of which at least one word is a part of the name or the code, the others of the name of their unit."""
    if not (words := asked.term.words):
        return None
    rows = Line.objects.filter(unit__in=_units_in_reach(asked)).select_related("unit")
    own = Q()
    for word in words:
        named = Q(name__icontains=word) | Q(code__iexact=word)
        own |= named
        rows = rows.filter(named | word_like(word, "unit__"))

    def hit(line: Line) -> Hit:
        where = f"{line.unit.name} · {line.get_sector_display()}"
        return Hit(str(line), where, reverse("registry:unit", args=[line.unit_id]), line.commissioned)

    return found(_("Lines"), rows.filter(own).order_by("unit__name", "sector", "code", "pk"), hit)


def people(asked: Asked) -> Found | None:
    """Those who hold a seat of a unit that the person may look at."""
    if not (words := asked.term.words):
        return None
    rows = Person.objects.filter(is_active=True, unit__in=_units_in_reach(asked)).select_related("unit")
    for word in words:
        typed = word.lower()
        rows = rows.filter(Q(name__contains=word) | Q(pinyin__startswith=typed) | Q(initials=typed) | Q(username=typed))

    def hit(person: Person) -> Hit:
        url = reverse("registry:unit", args=[person.unit_id])
        return Hit(person.name, person.seat, url, is_exact=person.username == asked.term.text)

    return found(_("People"), rows.order_by("name", "pk"), hit)


def _units_in_reach(asked: Asked) -> QuerySet[Any, Any]:
    return access.scoped(asked.person, Act.VIEW_UNIT, Unit.objects.order_by()).values("pk")
