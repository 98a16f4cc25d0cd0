"""The page that the search box of every page leads to."""

from django.http import HttpResponse
from django.shortcuts import render

from registry.access import SignedInRequest
from registry.law import clock
from registry.web import search as searching

__all__ = ["search"]


def search(request: SignedInRequest) -> HttpResponse:
    """What there is of what was typed, as far as the person may see it; nothing leads on by itself."""
    typed = request.GET.get("q", "")
    result = searching.search(request.user, typed, clock.now())
    context = {
        "result": result,
        "searched": result.term.text,
        "longest": searching.LONGEST,
        "shortest": searching.SHORTEST,
    }
    return render(request, "registry/search.html", context)
