"""What is let near a parser: a sound archive of bounded size, without macros, passwords or document types.

The parser never sees the file that came in, only an archive rebuilt here from the parts that were unpacked within bounds; so
forged sizes, doubled names and whatever else two readers of one archive may see differently can't pass.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from reporting.findings import Finding
from reporting.workbook.spec import Limits

ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OLD_STREAM = "Workbook".encode("utf-16-le")
ENCRYPTED_FLAG = 0x1
WORKBOOK_PART, RELATIONS_PART = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHARED_PART, STYLES_PART = "xl/sharedStrings.xml", "xl/styles.xml"
# The values' parser finds these whatever their case is; we go by their names.
NAMED = {name.casefold(): name for name in (WORKBOOK_PART, RELATIONS_PART, SHARED_PART, STYLES_PART)}
BIG = 1024 * 1024  # an entry below this size may be packed as tightly as it likes
SUFFIXES = (".xlsx",)

_MACROS = re.compile(r"vbaproject|xl/macrosheets/", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)


class Refused(Exception):
    """The file can't be read; carries the finding that says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.finding = Finding(code, params=params)


@contextmanager
def parsing(part: str) -> Iterator[None]:
    """Whatever goes wrong in the values' parser is the file's fault; it is written in Rust, and its panics are no Exceptions."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise Refused("file.damaged", part=part[:80]) from error


@dataclass(frozen=True)
class Package:
    """The XML parts of a workbook, each checked; `warnings` don't keep it from being read."""

    parts: dict[str, bytes]
    warnings: list[Finding] = field(default_factory=list)

    def rebuilt(self) -> BytesIO:
        """An archive of exactly these parts."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        buffer.seek(0)
        return buffer


def unpack(data: bytes, filename: str, limits: Limits) -> Package:
    """The parts of a workbook; raises Refused."""
    if not data:
        raise Refused("file.empty")
    if len(data) > limits.file_bytes:
        raise Refused("file.too_large", size=str(len(data)), limit=str(limits.file_bytes))
    if data.startswith(OLE_MAGIC):
        raise Refused("file.old_format" if _is_old(data, filename) else "file.encrypted")
    if not data.startswith(ZIP_MAGIC):
        raise Refused("file.not_workbook", found=_what_else(data))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _inspect(archive.infolist(), limits)
            parts = dict(_parts(archive, limits))
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, ValueError) as error:
        raise Refused("file.damaged", part="ZIP") from error
    return Package(parts, list(_warnings(parts, filename)))


def _is_old(data: bytes, filename: str) -> bool:
    """Whether a compound file is a workbook of the old format: it has that one's stream. A password makes an .xlsx a compound file, too,
    with streams by which it can mostly be told; where neither is there, its name decides."""
    if ENCRYPTED_STREAM in data:
        return False
    return OLD_STREAM in data or not filename.casefold().endswith(SUFFIXES)


def _what_else(data: bytes) -> str:
    """What the file is instead, in a word that every language has."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    known = (
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8", "JPEG"),
        (b"Rar!", "RAR"),
        (b"7z\xbc\xaf", "7z"),
        (b"{\\rtf", "RTF"),
    )
    for magic, name in known:
        if start.startswith(magic):
            return name
    lowered = start.lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table")):
        return "HTML"
    if lowered.startswith(b"<?xml"):
        return "XML"
    return "CSV/TXT" if b"\x00" not in start else "?"


def _inspect(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Everything that can be told without unpacking."""
    if len(entries) > limits.entries:
        raise Refused("file.bomb", part=f"{len(entries)} parts")
    _demand_workbook(entries)
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("file.unsafe", part=f"compression {entry.compress_type}")
        if entry.file_size > BIG and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise Refused("file.bomb", part=entry.filename[:80])
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise Refused("file.bomb", part=f"> {limits.unpacked_bytes} bytes")


def _demand_workbook(entries: list[zipfile.ZipInfo]) -> None:
    """By the names of its parts it is one, in the open and without macros."""
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) < len(names):  # a package's names differ in more than their case
        raise Refused("file.unsafe", part="duplicate parts")
    if odd := [name for name in names if NAMED.get(name.casefold(), name) != name]:
        raise Refused("file.unsafe", part=odd[0][:80])
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise Refused("file.encrypted")
    if any(_MACROS.search(name) for name in names):
        raise Refused("file.macros")
    if WORKBOOK_PART not in names:
        raise Refused("file.not_workbook", found=_which_archive(names))


def _which_archive(names: list[str]) -> str:
    for part, found in (("xl/workbook.bin", "XLSB"), ("word/document.xml", "DOCX"), ("ppt/presentation.xml", "PPTX")):
        if part in names:
            return found
    return "ODS" if "content.xml" in names and "mimetype" in names else "ZIP"


def _parts(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The XML parts. An entry gives no more bytes than it declares, and its checksum must hold."""
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            content = archive.read(entry)
            if len(content) > limits.unpacked_bytes:
                raise Refused("file.bomb", part=entry.filename[:80])
            _demand_plain_xml(entry.filename, content)
            yield entry.filename, content


def _demand_plain_xml(name: str, content: bytes) -> None:
    """No document type (so no entities), and one encoding, so that every reader sees the same text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")) or _OTHER_ENCODING.match(content):
        raise Refused("file.unsafe", part=f"{name[:80]} (encoding)")
    if _DOCTYPE.search(content):
        raise Refused("file.unsafe", part=f"{name[:80]} (DOCTYPE)")
    if name == "[Content_Types].xml" and b"macroenabled" in content.lower():
        raise Refused("file.macro_format")  # without macros, or it had been refused by their names


def _warnings(parts: dict[str, bytes], filename: str) -> Iterator[Finding]:
    if filename and not filename.lower().endswith(SUFFIXES):
        yield Finding("file.renamed", params={"name": filename[-80:]})
    if any(name.startswith("xl/externalLinks/") or name == "xl/connections.xml" for name in parts):
        yield Finding("file.external_links")
