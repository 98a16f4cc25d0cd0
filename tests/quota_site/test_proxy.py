"""Whose failed sign-ins are counted together, behind a proxy."""

from django.test import RequestFactory

from quota_site.proxy import client_ip


def test_the_address_is_the_one_that_the_proxy_saw():
    request = RequestFactory().get("/", REMOTE_ADDR="", headers={"X-Real-IP": "203.0.113.7"})
    assert client_ip(request) == "203.0.113.7"


def test_without_a_proxy_it_is_the_connections():
    assert client_ip(RequestFactory().get("/", REMOTE_ADDR="203.0.113.8")) == "203.0.113.8"
