"""Every address that is posted to shows its consequence before it is done (registry.web.confirming), or says in a table why it needn't."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from tests.addresses import ROUTES
from tests.unconfirmed_table import ITS_OWN_PAGE, UNCONFIRMED

TAKES_POSTS = re.compile(r"request\.(POST|FILES)|\"POST\"|form_here\(|is_valid\(\)")


def innermost(view: Callable[..., Any]) -> Callable[..., Any]:
    return inspect.unwrap(view)


def takes_posts(view: Callable[..., Any]) -> bool:
    """Whether the view looks at what was posted; Django's `require_POST` says in a closure what it lets through."""
    each: Any = view
    while each is not None:
        free = each.__code__.co_freevars if hasattr(each, "__code__") else ()
        if "request_method_list" in free:
            return "POST" in each.__closure__[free.index("request_method_list")].cell_contents
        each = getattr(each, "__wrapped__", None)
    return bool(TAKES_POSTS.search(inspect.getsource(getattr(view, "view_class", innermost(view)))))


POSTED = {route for route, view in ROUTES.items() if not route.startswith("api/") and takes_posts(view)}


def has_page(route: str) -> bool:
    return getattr(ROUTES[route], "asks", None) is not None


def test_every_act_is_confirmed_or_says_why_not():
    tabled = {*UNCONFIRMED, *ITS_OWN_PAGE}
    missing = sorted(route for route in POSTED - tabled if not has_page(route))
    assert not missing, "neither a page before it nor a reason in tests/unconfirmed_table.py: " + ", ".join(missing)


def test_the_table_names_nothing_that_is_confirmed_or_gone():
    tabled = {*UNCONFIRMED, *ITS_OWN_PAGE}
    assert sorted(tabled - POSTED) == []
    assert sorted(route for route in tabled if has_page(route)) == []


def test_every_reason_is_a_reason():
    assert all(len(reason.split()) > 2 for reason in (*UNCONFIRMED.values(), *ITS_OWN_PAGE.values()))
