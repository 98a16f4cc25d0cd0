"""Uploaded originals, kept whole under their sha256; written once, never overwritten, read back only if still what they were."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from registry.refusal import Refusal
from registry.values.canonical import sha256

__all__ = ["DamagedFileError", "keep", "read"]


class DamagedFileError(Refusal):
    """A stored file is gone or is no longer what was uploaded."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            _("The stored file %(digest)s is missing or damaged; inform the operator.") % {"digest": digest[:12]}
        )


def keep(data: bytes) -> str:
    """Store the bytes, on the disk when this returns; their sha256. A file of equal bytes stays as it is."""
    digest = sha256(data)
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # The rename is the moment at which the file exists; whoever comes second puts the same bytes in its place.
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return digest


def read(digest: str) -> bytes:
    """The bytes with this sha256; raises DamagedFileError where the disk no longer has them."""
    try:
        data = _path(digest).read_bytes()
    except OSError as error:
        raise DamagedFileError(digest) from error
    if sha256(data) != digest:
        raise DamagedFileError(digest)
    return data


def _path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads" / digest[:2] / digest[2:4] / digest


def _sync_folder(folder: Path) -> None:
    """Make the file's name durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
