"""A cell that holds one of a few codes: the code itself, or its name in either language."""

import unicodedata
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from registry.files.tables.cells import CellError
from registry.values.bilingual import in_language, listed

Choices = Sequence[tuple[str, str | Promise]]


def choice(text: str, choices: Choices, also: Mapping[str, str] | None = None) -> str:
    """The code that the text means; `also` are further names by which people call one. Raises CellError with all that is allowed."""
    names = {_plain(code): code for code, _label in choices} | {
        _plain(name): code for name, code in (also or {}).items()
    }
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {_plain(str(label)): code for code, label in choices}
    if (code := names.get(_plain(text))) is None:
        said = {"text": text, "known": allowed(choices)}
        raise CellError(_("“%(text)s” is unknown; write one of: %(known)s") % said)
    return code


def allowed(choices: Choices) -> str:
    """The codes with their names, as an error or a guide lists them; an empty cell is said, too."""
    named = (
        in_language(f"{label}（{code}）", f"{code} ({label})") if code else _empty(label) for code, label in choices
    )
    return listed(named)


def _empty(label: str | Promise) -> str:
    return _("empty (%(label)s)") % {"label": label}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
