"""What a list is narrowed by: in words for what is taken away, and beside each choice how many rows it would leave."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import django_filters as filters
from django.db.models import Count, Model, QuerySet
from django.forms import Field
from django.utils.translation import gettext as _
from django_filters import FilterSet

from registry.values import figures
from registry.web.listing.in_memory import RowFilter

__all__ = ["count_choices", "in_words", "is_short", "narrows"]

MOST_COUNTED = 4000  # rows; a longer list is not counted choice by choice
MOST_WORKED_OUT = 1000  # the same where something is worked out of each row: what is counted is that much dearer


def in_words(chosen: FilterSet | RowFilter[Any] | None) -> list[str]:
    """Each filter that is set, as "Sector: steel"; one that is ticked by its name alone."""
    return list(_words(chosen)) if chosen is not None else []


def narrows(chosen: FilterSet | RowFilter[Any] | None) -> bool:
    """Whether the list is a part of what it would be without a filter."""
    return chosen.narrows if isinstance(chosen, RowFilter) else bool(in_words(chosen))


def _words(chosen: FilterSet | RowFilter[Any]) -> Iterator[str]:
    chosen.form.is_valid()
    for name, field in chosen.form.fields.items():
        value = chosen.form.cleaned_data.get(name)
        if value is True:
            yield str(field.label)
        elif value not in (None, "", False):
            yield _("%(filter)s: %(value)s") % {"filter": field.label, "value": _said(field, value)}


def _said(field: Field, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, dt.date):
        return figures.day(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))


def is_short(chosen: FilterSet, count: int) -> bool:
    """Whether the list is short enough, narrowed by nothing: what one filter leaves out, the others' counts take in again. `count` are
    the rows that are left. One query at most."""
    most = MOST_WORKED_OUT if chosen.queryset.query.annotations else MOST_COUNTED
    if count > most:
        return False
    # By keys alone: of a cut selection a database works out every column, also those that others are made of.
    found: int = chosen.queryset.order_by().values("pk")[: most + 1].count()
    return found <= most


def count_choices(chosen: FilterSet, count: int) -> None:
    """Write beside each choice of a short list how many rows it finds together with what else is set; `count` are the rows that are
    left. One query, and one a filter."""
    if not chosen.form.is_valid():
        return
    counted = {name: one for name, one in chosen.filters.items() if _is_counted(chosen, one)}
    if counted and is_short(chosen, count):
        for name, one in counted.items():
            _count(chosen, name, one)


def _is_counted(chosen: FilterSet, one: filters.Filter) -> bool:
    if (one.field_name or "").partition("__")[0] in chosen.queryset.query.annotations:
        return False  # it would be worked out for every row
    choice = isinstance(one, filters.ChoiceFilter | filters.ModelChoiceFilter)
    return choice and one.method is None and bool(one.field_name)


def _count(chosen: FilterSet, name: str, one: filters.Filter) -> None:
    rows = chosen.queryset.all()
    for other, value in chosen.form.cleaned_data.items():
        if other != name:
            rows = chosen.filters[other].filter(rows, value)
    plain: QuerySet[Any] = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    grouped = plain.order_by().values_list(one.field_name).annotate(found=Count("pk", distinct=True))
    found = {str(key): number for key, number in grouped.values_list(one.field_name, "found")}
    field = chosen.form.fields[name]
    # The widget's alone: what may be chosen stays what it was.
    field.widget.choices = [
        (key, f"{label} ({figures.tonnes(found.get(str(key), 0))})" if str(key) else label)
        for key, label in field.choices
    ]
