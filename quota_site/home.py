"""The role home and the health page."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, by when, and how things stand."""
    return render(request, "home.html", {})


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site and its database answer; for load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
