"""The page that the search box of every page leads to."""

from django.http import HttpResponse
from django.shortcuts import render

from registry.access import SignedInRequest
from registry.law import clock
from registry.web import search as searching
from registry.web.paging import page_of

__all__ = ["search"]


def search(request: SignedInRequest) -> HttpResponse:
    """What there is of what was typed, as far as the person may see it, or all of one kind (`kind=`); nothing leads on by itself."""
    typed = request.GET.get("q", "")
    kind = searching.all_of(request.user, typed, request.GET.get("kind", ""), clock.now())
    if kind is not None:
        page = page_of(request, kind.rows)
        context = {"kind": kind, "page": page, "hits": map(kind.hit, page), "searched": searching.read(typed).text}
        return render(request, "registry/search_kind.html", context)
    result = searching.search(request.user, typed, clock.now())
    context = {
        "result": result,
        "searched": result.term.text,
        "longest": searching.LONGEST,
        "shortest": searching.SHORTEST,
    }
    return render(request, "registry/search.html", context)
