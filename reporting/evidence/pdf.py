"""What a PDF holds that a printed page doesn't: scripts, programs to start, forms that send, files within the file, pictures of any size.

A name may be written with signs as #41, and objects may stand packed in a stream; so names are read plainly, and what objects can be
packed in is unpacked and read too. What can't be unpacked so is refused: nobody needs it for a scan or a printed report.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["MOST_PIXELS", "why_not"]

MOST_PIXELS = 200_000_000
"""A sheet A0 at 300 dots an inch has 139 million."""

MOST_UNPACKED = 64 * 1024 * 1024

ACTIVE = (b"/JavaScript", b"/Launch", b"/ImportData", b"/RichMedia")
SENDS = (b"/SubmitForm",)
HOLDS = (b"/EmbeddedFile", b"/GoToE")  # /EmbeddedFiles begins with the first

_SCRIPT = _("it contains a script or starts programs; print it to PDF again")
_SENDS = _("it contains a form that sends data; print it to PDF again")
_HOLDS = _("it contains other files; attach those separately, and print it to PDF again")
_PACKED = _("it is packed in a way that can't be inspected; print it to PDF again")
_HUGE = _("it contains a picture of more than %(count)s million pixels")

_NAMED = ((ACTIVE, _SCRIPT), (SENDS, _SENDS), (HOLDS, _HOLDS))
_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECTS = re.compile(rb"/(?:ObjStm|First)\b")
_FILTER = re.compile(rb"/Filter\b\s*(\[[^\]]*\]|/\w+|\d+\s+\d+\s+R)?")
_SIZE = {name: re.compile(rb"/" + name + rb"\b\s*(\d{1,12})") for name in (b"Width", b"Height")}
_LONGEST_HEAD = 4096


@dataclass(frozen=True, slots=True)
class _Stream:
    """What stands before a stream's bytes, with its names read plainly, and where they begin."""

    head: bytes
    at: int

    @property
    def holds_objects(self) -> bool:
        return bool(_OBJECTS.search(self.head))

    @property
    def filters(self) -> bytes | None:
        """How it is packed, as written; None where it isn't."""
        found = _FILTER.search(self.head)
        return None if found is None else (found[1] or b"?")

    @property
    def pixels(self) -> int:
        sides = [int(found[1]) if (found := pattern.search(self.head)) else 0 for pattern in _SIZE.values()]
        return sides[0] * sides[1]


def why_not(data: bytes) -> str | Promise:
    """Why a PDF isn't taken; "" where nothing speaks against it."""
    if why := _named_in(_plain(data)):
        return why
    left = MOST_UNPACKED
    for stream in _streams(data):
        if stream.pixels > MOST_PIXELS:
            return _HUGE % {"count": MOST_PIXELS // 1_000_000}
        if not stream.holds_objects or stream.filters is None:
            continue
        unpacked = _unpacked(data, stream, left)
        if unpacked is None:
            return _PACKED
        left -= len(unpacked)
        if why := _named_in(_plain(unpacked)):
            return why
    return ""


def _plain(data: bytes) -> bytes:
    """With every #41 in place of the sign that it stands for."""
    return _SIGN.sub(lambda found: bytes([int(found[1], 16)]), data) if b"#" in data else data


def _named_in(plain: bytes) -> str | Promise:
    return next((why for names, why in _NAMED if any(name in plain for name in names)), "")


def _streams(data: bytes) -> Iterator[_Stream]:
    for found in _STREAM.finditer(data):
        before = data[max(0, found.start() - _LONGEST_HEAD) : found.start()]
        head = before[before.rfind(b"obj") + 3 :] if b"obj" in before else before
        yield _Stream(_plain(head), found.end())


def _unpacked(data: bytes, stream: _Stream, most: int) -> bytes | None:
    """The objects of a stream; None where they are packed otherwise than once by Flate, are damaged, or are more than anybody has."""
    once = (stream.filters or b"").strip(b"[] \t\r\n")
    if once != b"/FlateDecode" or b"/Predictor" in stream.head or most <= 0:
        return None
    inflating = zlib.decompressobj()
    try:
        unpacked = inflating.decompress(memoryview(data)[stream.at :], most)
    except zlib.error:
        return None
    return unpacked if inflating.eof else None
