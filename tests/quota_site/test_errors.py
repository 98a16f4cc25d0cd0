"""The page for a request that can't be understood."""

import pytest
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.test import RequestFactory

from quota_site.errors import bad_request


@pytest.mark.parametrize(
    ("exception", "shown"), [(BadRequest("“yesterday” is not a day"), True), (SuspiciousOperation("yesterday"), False)]
)
def test_it_says_what_is_wrong_only_where_our_own_view_said_so(exception, shown):
    response = bad_request(RequestFactory().get("/"), exception)
    assert response.status_code == 400
    assert ("yesterday" in response.content.decode()) is shown
