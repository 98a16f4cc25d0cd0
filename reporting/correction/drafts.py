"""What a person has typed and not saved: kept every few seconds, so that nothing but they themselves can lose it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.db.models import QuerySet

from registry.access import acting
from registry.models import Person
from registry.permissions import Act
from reporting.correction.carrying import renumbered
from reporting.correction.month import Month, key_of, month_of, over
from reporting.models import CorrectionDraft, Package

__all__ = ["Kept", "discard", "draft_of", "has_typed", "keep", "others"]

LONGEST = 2000
"""Longer than any text may be, so that one that is too long comes back and can be shortened."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it was kept; `overtaken` when another window of the same person had kept something that this one hadn't seen."""

    draft: CorrectionDraft
    overtaken: bool


def draft_of(package: Package, person: Person) -> CorrectionDraft | None:
    return CorrectionDraft.objects.filter(package=package, person=person).select_related("base__upload").first()


def has_typed(package: Package, person: Person) -> CorrectionDraft | None:
    """The person's draft if there is anything in it, without the texts."""
    return CorrectionDraft.objects.filter(package=package, person=person).exclude(cells={}).defer("cells").first()


def others(package: Package, person: Person) -> QuerySet[CorrectionDraft]:
    """The drafts of colleagues: that there are any, not what is in them."""
    return (
        CorrectionDraft.objects.filter(package=package)
        .exclude(person=person)
        .exclude(cells={})
        .select_related("person")
        .defer("cells")
    )


@acting(Act.UPLOAD_PACKAGE, about=attrgetter("package"))
@transaction.atomic
def keep(
    month: Month, cells: Mapping[str, str | None], revision: int, *, by: Person, at: dt.datetime, whole: bool = False
) -> Kept:
    """Keep what was typed over the month; None for a text that is as the month has it. Also when the package has just been closed.

    The texts join what was kept before; where two windows typed into the same cell, the later one counts. `whole`: they are all that
    was typed, unless another window has kept something that this one (whose `revision` is older) hasn't seen.
    """
    defaults = {"base": month.version, "lines": list(month.codes), "at": at}
    made, is_new = CorrectionDraft.objects.get_or_create(package=month.package, person=by, defaults=defaults)
    draft = CorrectionDraft.objects.select_for_update().get(pk=made.pk)
    overtaken = not is_new and draft.revision != revision
    typed = {name: month.texts.get(name, "") if text is None else _clean(text) for name, text in cells.items()}
    base = month if draft.base_id == key_of(month.version) else month_of(month.package, draft.base, month.at)
    kept = {} if whole and not overtaken else renumbered(draft.cells, draft.lines, base.codes)
    kept |= over(base, typed, month.codes, month.version)
    draft.cells = {name: kept[name] for name in sorted(kept) if kept[name] != base.texts.get(name, "")}
    draft.lines, draft.revision, draft.at = list(base.codes), draft.revision + 1, at
    draft.save(update_fields=["cells", "lines", "revision", "at"])
    return Kept(draft, overtaken)


def _clean(text: str) -> str:
    """Without what no database keeps and no page can show: null signs and halves of characters."""
    return text.replace("\x00", "").encode(errors="ignore").decode()[:LONGEST]


@acting(Act.UPLOAD_PACKAGE)
def discard(package: Package, *, by: Person) -> bool:
    """Throw away what the person typed; whether there was anything."""
    return CorrectionDraft.objects.filter(package=package, person=by).delete()[0] > 0
