"""Files that people send: an uploaded original is kept whole under its sha256 (`originals`), and a table, whoever
saved it and however, is read in one way (`tables`).
"""

from registry.files.originals import DamagedFileError, keep, read

__all__ = [
    "DamagedFileError",
    "keep",
    "read",
]
