"""A paper on the screen, and with `?format=pdf` as PDF; where none can be made, the print-ready page says so."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from registry.access import SignedInRequest
from registry.law import papers
from registry.law.calendar import local_day
from registry.web import pdf
from registry.web.downloads import attachment

PDF = "application/pdf"


def paper(
    request: SignedInRequest,
    template: str,
    context: dict[str, Any],
    *,
    name: str,
    at: dt.datetime,
    author: object,
    rests_on: str = "",
) -> HttpResponse:
    """`at` is the paper's own instant: its day is the PDF's date, so the same paper gives the same bytes.

    `rests_on` is the kind of official paper (registry.law.papers) whose legal basis it begins with.
    """
    day = local_day(at)
    context = {**context, "paper_day": day, "paper_author": author}
    if rests_on:
        context["basis"] = papers.basis(rests_on, day)
    if request.GET.get("format") != "pdf":
        return render(request, template, context)
    html = render_to_string(template, {**context, "shell": "paper_pdf.html"}, request=request)
    try:
        return attachment(pdf.written(html), f"{name}.pdf", PDF)
    except pdf.UnavailableError as error:
        return render(request, template, {**context, "no_pdf": str(error)})
