"""Pressing the button of a page that shows an act before it is done (registry.web.confirming)."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Pressed(HTMLParser):
    """The fields that the page's own form posts: hidden ones as they stand, the declaration ticked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._open: dict[str, list[str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._open = {}
        elif tag == "input" and self._open is not None and given.get("type") in ("hidden", "checkbox"):
            self._open.setdefault(given.get("name") or "", []).append(given.get("value") or "on")

    def handle_endtag(self, tag):
        if tag == "form" and self._open is not None:
            if "confirmation" in self._open:
                self.fields = self._open
            self._open = None


def fields_of(page: Any) -> dict[str, list[str]]:
    """What the button of the page posts."""
    found = Pressed(page.content.decode()).fields
    assert found, f"no button to confirm ({page.status_code})"
    return found


def confirm(client: Client, url: str, data: dict[str, Any] | None = None, **how: Any) -> Any:
    """Open the act's page (with what was typed before it, by POST) and press its button; the answer to that."""
    page = client.post(url, data) if data else client.get(url)
    return client.post(url, {**fields_of(page), **(data or {})}, **how)
