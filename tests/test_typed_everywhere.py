"""Whatever form of whatever page is refused, what was typed into it stands in it again."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from registry.law import clock
from registry.models import Person
from registry.permissions import MATRIX
from registry.web import kept_input
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.addresses import URLS, act_of, address
from tests.opened import *  # noqa: F403 (its fixture)

pytestmark = pytest.mark.pages

TYPED = "这里写了一句不应丢失的话"
DAY, NUMBER = "2026-11-03", "17"
# Forms that keep what is typed by themselves, each with how.
KEEP_THEMSELVES = {
    "/correct/": "the editor's draft, kept by the minute",
    "/edit/": "the control plan's draft is stored even with faults",
}


class Forms(HTMLParser):
    """A page's posting forms: where each posts to, and by name what may be typed and what stands there."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._open = (given.get("method") or "").lower() == "post" and "enctype" not in given
            if self._open:
                self.found.append((given.get("action") or self.path, {}))
        elif self._open and tag == "input" and given.get("type", "text") in ("text", "date", "number", "email"):
            self._field(given, given.get("value") or "")
        elif self._open and tag == "textarea":
            self._field(given, "")
            self._area = given.get("name") or ""

    def handle_data(self, data):
        if self._area:
            self.found[-1][1][self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = False
        elif tag == "textarea":
            self._area = ""

    def _field(self, given, value):
        if (name := given.get("name")) and "readonly" not in given and "disabled" not in given:
            self.found[-1][1][name] = value


def pages(world, askers, opened) -> Iterator[tuple[str, Person, str]]:
    """Every page of every role that may open it, with somebody of the role and what it says."""
    for asker in askers:
        for route in URLS if asker.is_near else ():
            path = address(route, world)
            if asker.person.role in MATRIX[act_of(route)] and not path.endswith(tuple(KEEP_THEMSELVES)):
                yield path, asker.person, opened[asker.name, route].page


def what_is_typed(name: str, value: str) -> str:
    if len(value) == len(DAY) and value[4:5] == "-":
        return DAY
    return TYPED


def test_every_form_that_was_refused_comes_back_filled(world, askers, opened, client_for):
    lost, forms = [], set()
    for path, person, page in pages(world, askers, opened):
        for action, fields in Forms(page, path).found:
            if not fields or (action, tuple(fields)) in forms:
                continue
            forms.add((action, tuple(fields)))
            client = client_for(person)
            client.raise_request_exception = False
            sent = {name: what_is_typed(name, value) for name, value in fields.items()}
            keep(client, person, action, path, sent)
            again = dict(Forms(client.get(path).content.decode(), path).found).get(action, {})
            empty = [name for name, text in sent.items() if again.get(name, "").strip() != text]
            lost += [f"{path}: {action} loses {', '.join(empty)}"] if empty else []
    assert len(forms) > 20
    assert not lost, "\n".join(lost)


def keep(client: Client, person: Person, url: str, page: str, sent: dict[str, str]) -> None:
    """As the middleware keeps what was posted when it was refused."""
    session = client.session
    until = (clock.now() + kept_input.KEPT_FOR).isoformat()
    fields = {name: [text] for name, text in sent.items()}
    session[kept_input.KEY] = [{"person": person.pk, "url": url, "page": page, "until": until, "fields": fields}]
    session.save()
