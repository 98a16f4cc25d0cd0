"""A paper on the screen, and with `?format=pdf` as PDF; where none can be made, the print-ready page says so."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from registry.access import SignedInRequest
from registry.law.calendar import local_day
from registry.web import pdf
from registry.web.downloads import attachment

PDF = "application/pdf"


def paper(
    request: SignedInRequest, template: str, context: dict[str, Any], *, name: str, at: dt.datetime, author: object
) -> HttpResponse:
    """`at` is the paper's own instant: its day is the PDF's date, so the same paper gives the same bytes."""
    context = {**context, "paper_day": local_day(at), "paper_author": author}
    if request.GET.get("format") != "pdf":
        return render(request, template, context)
    html = render_to_string(template, {**context, "shell": "paper_pdf.html"}, request=request)
    try:
        return attachment(pdf.written(html), f"{name}.pdf", PDF)
    except pdf.UnavailableError as error:
        return render(request, template, {**context, "no_pdf": str(error)})
