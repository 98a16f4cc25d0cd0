"""A zip of many files, looked into without unpacking it anywhere: what is in it, and one file's bytes at a time, within limits.

Nothing is ever written under a name from the archive, so a path in it can lead nowhere; a zip within the zip is one of its files.
"""

import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from reporting.findings import Finding

__all__ = ["ArchiveLimits", "Entry", "UnusableArchiveError", "entries", "is_document", "opened", "unpacked"]

_ENCRYPTED, _UTF8 = 0x1, 0x800
_BIG = 1024 * 1024  # a file below this size may be packed as tightly as it likes
_JUNK = {".ds_store", "thumbs.db", "desktop.ini"}
_TYPES_PART = "[Content_Types].xml"
_TAKEN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may ask of the machine."""

    entries: int = 1_000
    file_bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    ratio: int = 100  # unpacked to packed, of a file above one megabyte: workbooks are packed already


class UnusableArchiveError(Exception):
    """The archive as a whole can't be taken: `reason` is damaged, empty, many or large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the archive, numbered from 1; `junk` is what an operating system put there, and folders."""

    number: int
    name: str
    junk: bool
    info: zipfile.ZipInfo


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive, for as long as it is read."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise UnusableArchiveError("damaged") from error
    with archive:
        yield archive


def is_document(archive: zipfile.ZipFile) -> bool:
    """Whether it is itself one workbook (or other office document), which is a zip of its parts, and no archive of workbooks."""
    return _TYPES_PART in archive.namelist()


def entries(archive: zipfile.ZipFile, limits: ArchiveLimits) -> list[Entry]:
    """Everything in the archive in its order; raises UnusableArchiveError where that is nothing, or more than may be."""
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise UnusableArchiveError("many")
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise UnusableArchiveError("large")
    found = [
        Entry(number, _shown(name := _name(info)), _is_junk(name), info) for number, info in enumerate(infos, start=1)
    ]
    if all(entry.junk for entry in found):
        raise UnusableArchiveError("empty")
    return found


def unpacked(archive: zipfile.ZipFile, entry: Entry, limits: ArchiveLimits) -> bytes | Finding:
    """A file's bytes, or why it isn't unpacked."""
    info = entry.info
    if info.flag_bits & _ENCRYPTED:
        return Finding("file.encrypted")
    if info.compress_type not in _TAKEN:
        return Finding("file.unsafe", params={"part": f"compression {info.compress_type}"})
    if info.file_size > limits.file_bytes:
        return Finding("file.too_large", params={"size": f"{info.file_size:,}", "limit": f"{limits.file_bytes:,}"})
    if info.file_size > _BIG and info.file_size > limits.ratio * max(info.compress_size, 1):
        return Finding("file.bomb", params={"part": entry.name[:80]})
    try:
        # It gives no more bytes than it declares, and its checksum must hold.
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError):
        return Finding("file.damaged", params={"part": entry.name[:80]})


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it. Without the UTF-8 flag zipfile takes the bytes for code page 437; on Chinese desktops they
    are GBK, on others often UTF-8 all the same."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_junk(name: str) -> bool:
    path = name.replace("\\", "/")
    last = path.rsplit("/", 1)[-1].lower()
    return path.endswith("/") or path.startswith("__MACOSX/") or last in _JUNK or last.startswith(("._", "~$"))


def _shown(name: str) -> str:
    """A name fit to be shown: no control characters, not longer than we keep."""
    return "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip()[-200:] or "?"
