"""Following links from a home page, without a browser, and reading what a page says."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.http import Http404
from django.test import Client
from django.urls import resolve

OF_A_KIND = 2  # pages of one address pattern that a walk opens
# In the address of a list that differs from the list itself by its rows alone: another order of them, those that follow, those of one unit;
# or that hands them out as a file.
_OTHER_ROWS = re.compile(r"(?:^|[&-])(?:sort|page|q|unit|_export)=")


class _Page(HTMLParser):
    """The words that a person reads or hears, and the links; what is set as code or as a file's text is not prose."""

    SILENT = frozenset({"script", "style", "code", "samp", "kbd", "pre"})
    CODES = frozenset({"code", "hash"})
    SPOKEN = frozenset({"aria-label", "title", "placeholder", "alt"})
    VOID = frozenset(
        {"input", "br", "img", "hr", "meta", "link", "col", "source", "wbr", "path", "rect", "line", "circle"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.links.append(str(given["href"]))
        if tag not in self.VOID:
            # What is written in another language says so, and its own name for itself is no fault.
            foreign = str(given.get("lang") or "").startswith("en") and tag != "html"
            is_code = tag in self.SILENT or bool(self.CODES & set(str(given.get("class") or "").split()))
            self._silent.append(is_code or foreign or any(self._silent[-1:]))
        if not any(self._silent[-1:]):
            self.words.extend(str(given[name]) for name in self.SPOKEN if given.get(name))
            if tag == "input" and given.get("type") in ("submit", "button"):
                self.words.append(str(given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and self._silent:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._silent[-1:]):
            self.words.append(data.strip())


def read(html: str) -> tuple[list[str], list[str]]:
    """The texts of a page and its links."""
    page = _Page()
    page.feed(html)
    return page.words, page.links


def walk(client: Client, start: str = "/") -> Iterator[tuple[str, list[str]]]:
    """Address and texts of the pages that links lead to, a few of each kind; one that is refused is passed over."""
    waiting, seen, kinds = deque([start]), {start}, Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = _kind(address)
        if kind is None or kinds[kind] >= OF_A_KIND:
            continue
        answer = client.get(address)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        kinds[kind] += 1
        words, links = read(answer.content.decode())
        yield address, words
        for link in links:
            found = urlsplit(urljoin(address, link))
            further = found.path + (f"?{found.query}" if found.query else "")
            if not found.netloc and further not in seen and not _OTHER_ROWS.search(found.query):
                seen.add(further)
                waiting.append(further)


def _kind(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).view_name
    except Http404:
        return None


# Signs, symbols of formulas, units and names that read the same in Chinese.
_SIGNS = re.compile(
    r"""
    \b\d{4}(?:-\d{4})?-(?:draft|final)\b        # a plan's name
    | \bqt_\w+                                  # a token's beginning
    | \b(?:[A-Z]{2,}[—-]?)+\b                      # XLSX, PDF, CETS—AG, CNAS
    | \b\w*\d\w*\b                               # anything with a digit: codes, hashes, CO2, 4e2f
    | [\w.\-—]+\.(?:xlsx|xlsm|xls|pdf|csv|json|png|zip|jpg|txt|toml|py)\b
    | https?://\S+ | [\w.+-]+@[\w.-]+ | --[\w-]+ | manage\.py\ \w+ | /[\w/<>.-]+
    | \b(?:Python|OpenAPI|Excel|xlsx|zip|tCO|t|kt|Mt|GJ|MWh|tC|Nm|kA|kg|mm|MB|kB|GB|px|min|max|floor|Ed|SHA|sha|quota|site)\b
    | \b[A-Za-zΣαβ]_?[A-Za-z]?\b                 # symbols of one or two letters: E, Q_b, BP
    """,
    re.VERBOSE | re.ASCII,
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z_]{2,}")


def latin(texts: list[str]) -> set[str]:
    """Latin words in a page's texts outside of codes, units and symbols."""
    return {word for text in texts if _LATIN.search(text) for word in _words(text)}


@cache  # the frame's texts stand on every page
def _words(text: str) -> list[str]:
    return _LATIN.findall(_SIGNS.sub(" ", text))
