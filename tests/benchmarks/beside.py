"""What a page is measured beside: a plain page of one table; and how long each takes."""

import statistics
import time
from collections.abc import Callable

import django_tables2 as tables
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template import engines

PAGE = """{% extends 'base.html' %}{% load django_tables2 %}
{% block content %}{% render_table table 'django_tables2/table.html' %}{% endblock %}"""
# Nine columns of a package that stand in memory.
OF_PACKAGES = ("id", "sector", "period", "year", "due", "state", "submitted_at", "late", "risk")


def plain_page(model: type[Model], fields: tuple[str, ...]) -> Callable[[HttpRequest], HttpResponse]:
    """A view of 25 rows of one table by the stock template, in our frame: no filter, no paging, no links."""
    shown = tables.table_factory(model, fields=fields)

    def view(request: HttpRequest) -> HttpResponse:
        table = shown(model._default_manager.order_by("pk")[:25])
        return HttpResponse(engines["django"].from_string(PAGE).render({"table": table}, request))

    return view


def median(call: Callable[[], object], rounds: int) -> float:
    """The seconds of the middle one of so many rounds, after one that isn't counted."""

    def once() -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    once()
    return statistics.median(once() for _round in range(rounds))


def beside(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Milliseconds of processor time of both, and their ratio, pair by pair: the machine is busier at one moment than at another."""

    def taken(call: Callable[[], object]) -> float:
        start = time.process_time()
        call()
        return (time.process_time() - start) * 1000

    for call in (one, other):
        call()
    pairs = [(taken(one), taken(other)) for _round in range(rounds)]
    page, bare = (statistics.median(each) for each in zip(*pairs, strict=True))
    return page, bare, statistics.median(first / second for first, second in pairs)
