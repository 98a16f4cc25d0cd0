"""Papers as PDF, by WeasyPrint. Its libraries (pango) and a Chinese font come from the system; without them the print-ready page serves.

The same HTML and day give the same bytes. Nothing is fetched: not from the network, not from the disk; the one style sheet is handed in.
"""

import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from registry.values.canonical import sha256

__all__ = ["UnavailableError", "written"]

STYLE = "css/pdf.css"


class UnavailableError(Exception):
    """No PDF can be made here; the message tells the reader why."""


def written(html: str) -> bytes:
    """The paper as PDF; raises UnavailableError where the system lacks what it takes."""
    weasyprint = _weasyprint()
    if not _has_chinese_font():
        raise UnavailableError(_("no Chinese font is installed"))
    fetcher = _closed(weasyprint)
    style = weasyprint.CSS(string=_style(), url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    identifier = sha256(html.encode())[:32].encode()
    data = document.write_pdf(stylesheets=[style], pdf_identifier=identifier, pdf_variant="pdf/ua-1", pdf_tags=True)
    return bytes(data)


def _weasyprint() -> Any:
    """Imported only here: without pango its import fails, and the rest of the site must not."""
    try:
        import weasyprint  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise UnavailableError(_("the library WeasyPrint or the system's pango is missing")) from error
    return weasyprint


@lru_cache(maxsize=1)
def _has_chinese_font() -> bool:
    command = shutil.which("fc-list")
    if command is None:
        return False
    asked = [command, ":lang=zh-cn", "family"]
    found = subprocess.run(asked, capture_output=True, check=False, timeout=30, env=dict(os.environ))  # noqa: S603
    return bool(found.stdout.strip())


@lru_cache(maxsize=1)
def _style() -> str:
    found = finders.find(STYLE)
    if not isinstance(found, str):
        raise UnavailableError(_("the style sheet of papers is missing"))
    return Path(found).read_text(encoding="utf-8")


def _closed(weasyprint: Any) -> Any:
    """A fetcher that fetches nothing: what a paper names is left out of it."""

    class Closed(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, _headers: Any = None) -> NoReturn:
            raise ValueError(f"a paper fetches nothing: {url[:80]}")

    return Closed()
