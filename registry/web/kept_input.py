"""What a person typed into a form whose act was refused because somebody else was faster: nobody types a reason twice.

The middleware that turns a Refusal into a message keeps the posted fields in the person's session, under the address that the form posts
to; they never leave the server. A view that shows the form again fills them in (`given`), and whatever no form of the page took is shown
above it to be copied (`left`). It is kept until that form, or another of the same page, is sent with success: reading doesn't use it up,
so that it is still there after the browser's Back.
"""

import datetime as dt
import re
from typing import Any

from django.http import HttpRequest

__all__ = ["follow", "forget", "given", "keep", "kept_by", "left"]

KEY = "typed"
MOST_FORMS = 5
MOST_SIGNS = 200_000  # of one form; what is longer keeps itself (reporting's editor)
KEPT_FOR = dt.timedelta(hours=2)
LANGUAGE_SWITCH = "set_language"

# What no person typed: tokens, seals and hashes, ticks and numbers, the codes of choices.
_NOT_KEPT = re.compile("csrfmiddlewaretoken|confirmation|declared|.*password.*")
_NO_SENTENCE = re.compile(r"[\W\d_]*|[0-9a-f]{32,}|[a-z_]+")


def keep(request: HttpRequest, page: str, at: dt.datetime, *, person: int | None = None) -> bool:
    """Keep what was posted, and say whether there was anything; `page` is the address to which the person is sent back.

    `person` is the key of whose it is where the session has ended: nobody else who signs in here is shown it.
    """
    fields = {
        name: values
        for name, values in request.POST.lists()
        if any(value.strip() for value in values) and not _NOT_KEPT.fullmatch(name)
    }
    owner = person or (request.user.pk if fields else None)
    if not fields or owner is None or sum(len(value) for values in fields.values() for value in values) > MOST_SIGNS:
        return False
    others = [form for form in _kept(request, owner) if form["url"] != request.path]
    new = {
        "person": owner,
        "url": request.path,
        "page": page.partition("?")[0],
        "until": (at + KEPT_FOR).isoformat(),
        "fields": fields,
    }
    request.session[KEY] = [*others, new][-MOST_FORMS:]
    return True


def given(request: HttpRequest, at: dt.datetime, *urls: str) -> dict[str, str]:
    """What was typed into the form that posts to one of the addresses, by field: initial values (or data) for the form shown again."""
    found: dict[str, str] = {}
    for form in _kept(request, request.user.pk):
        if form["url"] in urls and _is_fresh(form, at):
            _taken(request).add(form["url"])
            found |= {name: values[-1] for name, values in form["fields"].items()}
    return found


def left(request: HttpRequest, at: dt.datetime) -> list[str]:
    """The sentences kept for this page that none of its forms took. Ask when the page's forms have been made."""
    if request.method != "GET":  # a form that comes back with its faults holds what was typed
        return []
    return [
        value
        for form in _kept(request, request.user.pk)
        if _is_fresh(form, at) and form["page"] == request.path and form["url"] not in _taken(request)
        for name, values in form["fields"].items()
        for value in values
        if not name.startswith("seen") and not _is_no_sentence(value)
    ]


def kept_by(request: HttpRequest, at: dt.datetime, person: int) -> list[str]:
    """The sentences that a person typed last, who can't sign in any more."""
    forms = [form for form in _kept(request, person) if _is_fresh(form, at)]
    return [
        text for form in forms for values in form["fields"].values() for text in values if not _is_no_sentence(text)
    ]


def forget(request: HttpRequest, page: str) -> None:
    """The person has acted, from `page`: what was kept for it, and for this form, has served."""
    if KEY not in request.session:
        return
    match = request.resolver_match
    if match is not None and match.view_name == LANGUAGE_SWITCH:
        return
    served = {page.partition("?")[0], request.path}
    request.session[KEY] = [
        form
        for form in request.session[KEY]
        if form["person"] != request.user.pk or served.isdisjoint((form["page"], form["url"]))
    ]


def follow(request: HttpRequest, target: str) -> None:
    """The page looked at leads on to another: what is kept for it goes along."""
    forms = request.session.get(KEY, ())
    if any(form["page"] == request.path for form in forms):
        page = target.partition("?")[0]
        request.session[KEY] = [form | ({"page": page} if form["page"] == request.path else {}) for form in forms]


def _kept(request: HttpRequest, person: int | None) -> list[dict[str, Any]]:
    """What is kept of the person, however old."""
    session = getattr(request, "session", {})
    return [form for form in session.get(KEY, ()) if form["person"] == person]


def _is_fresh(form: dict[str, Any], at: dt.datetime) -> bool:
    return at <= dt.datetime.fromisoformat(form["until"])


def _is_no_sentence(text: str) -> bool:
    return bool(_NO_SENTENCE.fullmatch(text.strip()))


def _taken(request: HttpRequest) -> set[str]:
    """The addresses whose forms on this page were filled; noted on the request, which is the page's own."""
    taken: set[str] = request.__dict__.setdefault("_typed_taken", set())
    return taken
