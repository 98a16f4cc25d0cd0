"""What a supporting file really is, told from its bytes; its name must say the same.

Taken are PDF, PNG, JPEG and XLSX: what scans, photographs, printed reports and ledgers come as. Each is looked at from its first byte
to its last, so that nothing hangs before or behind it (a page, a script, an archive under another name). Nothing is rendered here,
and nothing is ever handed out but as a download.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.values.bilingual import listed
from reporting.evidence import pdf
from reporting.workbook.reading import safety
from reporting.workbook.spec import Limits

__all__ = ["ACCEPT", "KINDS", "Kind", "UnfitError", "told_from"]


class UnfitError(ValueError):
    """The bytes can't be taken; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its name for people, its media type, the suffixes that its names end in."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    starts: bytes
    demand_sound: Callable[[bytes], None]


_PNG = b"\x89PNG\r\n\x1a\n"
_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?xml", b"<iframe", b"<body")
# Anywhere in the file: those that are too long to stand there by chance, and that no description of a picture has.
_PAGE = (b"<html", b"<!doctype html", b"<script", b"<iframe")
_WEB_PAGE = gettext_lazy("it is also a web page; save it again as a plain file")
START_OF_SCAN = 0xDA
# The segments that state a JPEG's size: every start of a frame.
FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_BLANK = b"\x00\t\n\x0c\r "


def told_from(data: bytes, name: str) -> Kind:
    """The kind of a file; raises UnfitError for what is not taken, is damaged, or is named as something else."""
    if not data:
        raise UnfitError(_("it is empty"))
    kind = next((kind for kind in KINDS if data.startswith(kind.starts)), None)
    if kind is None:
        raise UnfitError(_("it is none of PDF, PNG, JPEG, XLSX; print other documents to PDF"))
    if not name.casefold().endswith(kind.suffixes):
        said = {"kind": kind.name, "suffixes": listed(kind.suffixes)}
        raise UnfitError(_("its content is %(kind)s, so its name must end in %(suffixes)s") % said)
    kind.demand_sound(data)
    if kind.starts != safety.ZIP_MAGIC:
        _demand_no_page(data.lower())
    if kind.starts != safety.ZIP_MAGIC and zipfile.is_zipfile(BytesIO(data)):
        raise UnfitError(_("it is also an archive; save it again as a plain file"))
    return kind


def _demand_no_page(lower: bytes) -> None:
    if any(mark in lower for mark in _PAGE):
        raise UnfitError(_WEB_PAGE)


def _sound_pdf(data: bytes) -> None:
    start, end = data[:1024].lower(), data.rstrip(_BLANK)
    if data[5:8] not in (b"1.0", b"1.1", b"1.2", b"1.3", b"1.4", b"1.5", b"1.6", b"1.7", b"2.0"):
        raise UnfitError(_("its PDF header is damaged"))
    if not end.endswith(b"%%EOF") or b"startxref" not in end[-1024:]:
        raise UnfitError(_("its end is missing: it was cut off, or extra content follows it"))
    if any(mark in start for mark in _MARKUP):
        raise UnfitError(_WEB_PAGE)
    if why := pdf.why_not(data):
        raise UnfitError(str(why))


def _sound_png(data: bytes) -> None:
    """Chunk by chunk, each with its checksum, from IHDR to IEND and not a byte further."""
    at, number, last = len(_PNG), 0, b""
    while last != b"IEND":
        if at + 12 > len(data):
            raise UnfitError(_("its end is missing: it was cut off, or extra content follows it"))
        (length,), last = struct.unpack_from(">I", data, at), data[at + 4 : at + 8]
        end = at + 8 + length
        if end + 4 > len(data) or struct.unpack_from(">I", data, end)[0] != zlib.crc32(memoryview(data)[at + 4 : end]):
            raise UnfitError(_("the picture is damaged"))
        if number == 0:
            _demand_header(last, data[at + 8 : end])
        at, number = end + 4, number + 1
    if at != len(data):
        raise UnfitError(_("its end is missing: it was cut off, or extra content follows it"))


def _demand_header(name: bytes, content: bytes) -> None:
    if name != b"IHDR" or len(content) != 13:
        raise UnfitError(_("the picture is damaged"))
    _demand_size(*struct.unpack_from(">II", content))


def _demand_size(width: int, height: int) -> None:
    """A file of a few kilobytes may claim a picture that fills the reader's memory."""
    if width * height > pdf.MOST_PIXELS:
        said = {"width": width, "height": height, "count": pdf.MOST_PIXELS // 1_000_000}
        raise UnfitError(
            _("the picture has %(width)s × %(height)s pixels; at most %(count)s million are accepted") % said
        )


def _sound_jpeg(data: bytes) -> None:
    """Segment by segment to the picture's data, and its end mark at the end."""
    at, marker = 2, 0
    while marker != START_OF_SCAN:
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            raise UnfitError(_("the picture is damaged"))
        marker = data[at + 1]
        if marker in FRAMES and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            _demand_size(width, height)
        # 0xFF before a marker only fills; every segment before the scan states its length.
        at += 1 if marker == 0xFF else 2 + struct.unpack_from(">H", data, at + 2)[0]
    if not data.rstrip(_BLANK).endswith(b"\xff\xd9"):
        raise UnfitError(_("its end is missing: it was cut off, or extra content follows it"))


def _sound_xlsx(data: bytes) -> None:
    try:
        safety.unpack(data, "", Limits(file_bytes=len(data)))
    except safety.Refused as refused:
        raise UnfitError(refused.finding.message) from refused


KINDS = (
    Kind("PDF", "application/pdf", (".pdf",), b"%PDF-", _sound_pdf),
    Kind("PNG", "image/png", (".png",), _PNG, _sound_png),
    Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"), b"\xff\xd8\xff", _sound_jpeg),
    Kind(
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx",),
        safety.ZIP_MAGIC,
        _sound_xlsx,
    ),
)
ACCEPT = ",".join([*(suffix for kind in KINDS for suffix in kind.suffixes), *(kind.media_type for kind in KINDS)])
