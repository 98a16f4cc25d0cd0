"""A Refusal becomes a message on the page that the person came from."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from quota_site.middleware import RefusalMiddleware
from registry.refusal import Refusal

refusal = RefusalMiddleware(lambda request: HttpResponse())


def refused(method="post", path="/registry/directory/1/decide/", **headers):
    request: Any = RequestFactory().generic(method.upper(), path, headers=headers)
    request.session = {}
    request._messages = FallbackStorage(request)
    request.htmx = HtmxDetails(request)
    response = refusal.process_exception(request, Refusal("It has been decided."))
    return response, [str(message) for message in get_messages(request)]


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/registry/directory/1/?year=2025", "/registry/directory/1/?year=2025"),
        ("http://testserver/registry/directory/1/decide/", "/registry/directory/1/decide/"),
        ("http://elsewhere.example/registry/", "/registry/directory/1/"),
        ("http://testserver//elsewhere.example/", "/registry/directory/1/"),
        ("javascript:alert(1)", "/registry/directory/1/"),
        ("", "/registry/directory/1/"),
    ],
)
def test_back_to_our_own_page_only(referer, target):
    response, messages = refused(path="/registry/directory/1/withdraw/", referer=referer)
    assert (response.status_code, response["Location"]) == (302, target)
    assert messages == ["It has been decided."]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/allocation/runs/157/refuse/", "/allocation/runs/157/"),
        ("/allocation/deductions/3/revoke/refuse/", "/allocation/deductions/3/"),
        ("/registry/people/1/link/", "/registry/people/"),  # a person has no page of its own
        # What is shown with its consequence first: that page, from which it can be done again, or which says that it is too late.
        ("/allocation/deductions/3/revoke/approve/", "/allocation/deductions/3/revoke/approve/"),
        ("/registry/mandates/1/accept/", "/registry/mandates/1/accept/"),
        ("/reporting/reports/units/1/steel/2025/", "/reporting/reports/"),
        ("/registry/directory/propose/", "/registry/directory/propose/"),  # a form that posts to its own address
        ("/allocation/deductions/enter/", "/allocation/deductions/enter/"),
        ("/allocation/surrenders/ask/2025/", "/allocation/surrenders/ask/2025/"),
    ],
)
def test_without_a_referer_back_to_the_page_of_what_it_acts_on(path, target):
    response, _messages = refused(path=path)
    assert response["Location"] == target


def test_a_page_that_refuses_to_be_shown_is_not_gone_back_to():
    response, _messages = refused("get", "/allocation/quota/", referer="http://testserver/allocation/quota/")
    assert response["Location"] == "/"


def test_a_home_page_that_refuses_does_not_go_round_in_circles():
    response, messages = refused("get", "/", referer="http://testserver/")
    assert response is None
    assert messages == []


def test_a_fragment_asks_the_whole_page_to_go_back():
    response, messages = refused(**{"HX-Request": "true", "HX-Current-URL": "http://testserver/reporting/packages/1/"})
    assert (response.status_code, response["HX-Redirect"]) == (200, "/reporting/packages/1/")
    assert messages == ["It has been decided."]


def test_other_exceptions_are_none_of_its_business():
    assert refusal.process_exception(RequestFactory().get("/"), ValueError("a system error")) is None
