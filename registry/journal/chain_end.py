"""The journal's end as it was seen last, kept in the data directory: what is cut off in the database alone is noticed.

The chain says that no entry in it was changed, not that nothing stood behind the last one. The sweeper keeps the end every few seconds,
so whoever cuts it unnoticed must do so within them, or write this file, too.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from registry.journal import chain as journal
from registry.models import JournalHead

__all__ = ["End", "faults", "keep", "kept", "path"]


@dataclass(frozen=True, slots=True)
class End:
    """Sequence and hash of the last entry; 0 of an empty journal."""

    sequence: int
    hash: str


def path() -> Path:
    return Path(settings.JOURNAL_END_FILE)


def kept() -> End | None:
    """The end that was seen last; None where none was kept here yet. A file that can't be read is one that nothing agrees with."""
    try:
        said = json.loads(path().read_text())
        return End(int(said["sequence"]), str(said["hash"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return End(-1, "")


def faults(seen: End) -> Iterator[str]:
    """What speaks against the database's journal still having this end, or having gone on from it."""
    if seen.sequence < 0:
        yield _("the file of the journal's end can't be read")
    elif seen.sequence and not journal.holds(seen.sequence, seen.hash):
        head = JournalHead.objects.filter(pk=1).first()
        said = {"seen": seen.sequence, "end": head.sequence if head else 0}
        yield (
            _(
                "entry %(seen)d was recorded and is missing or different, the journal ends at %(end)d: its end was "
                "cut off, or this is an older copy of the database"
            )
            % said
        )


def keep() -> list[str]:
    """Keep the present end; where the one kept before is gone say so and keep that, until somebody has looked into it."""
    seen = kept()
    if seen and (found := list(faults(seen))):
        return found
    head = JournalHead.objects.filter(pk=1).first()
    if head is not None and (seen is None or head.sequence > seen.sequence):
        _write(End(head.sequence, head.hash))
    return []


def _write(end: End) -> None:
    folder = path().parent
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".journal-end-")
    with os.fdopen(descriptor, "w") as file:
        json.dump({"sequence": end.sequence, "hash": end.hash}, file)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path())
