"""Files found fit to support something: told from their bytes, none twice, every fault said at once; then kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from registry import figures
from registry.canonical import sha256
from registry.refusal import Refusal
from reporting import files as originals
from reporting.evidence.kinds import UnfitError, told_from
from reporting.models import Evidence, ReplyFile, SubmittedEvidence
from reporting.reading import clean_name

__all__ = ["Given", "fit", "keep", "others", "refuse_faults", "stands_for_its_package", "used_by_others"]


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was found fit, without its bytes: there may be many, and large ones."""

    file: File
    name: str
    sha256: str
    size: int
    media_type: str


def fit(files: Sequence[File]) -> list[Given]:
    """The files with what they are; refuses, naming all that can't be taken."""
    found: dict[str, Given] = {}
    faults = []
    for file in files:
        name = clean_name(file.name or "", "")
        try:
            each = _looked_at(file, name)
        except UnfitError as error:
            faults.append(_("%(name)s can't be taken: %(why)s.") % {"name": name or "?", "why": error})
            continue
        twin = found.setdefault(each.sha256, each)
        if twin is not each:
            faults.append(_("%(name)s is the same file as %(twin)s: choose one.") % {"name": name, "twin": twin.name})
    refuse_faults(faults)
    return list(found.values())


def _looked_at(file: File, name: str) -> Given:
    limit = settings.EVIDENCE_LIMIT_BYTES
    if file.size > limit:
        size = {"size": figures.tonnes(file.size), "limit": figures.tonnes(limit)}
        raise UnfitError(_("it has %(size)s bytes, and at most %(limit)s are taken") % size)
    file.seek(0)
    data = file.read()
    kind = told_from(data, name)
    return Given(file, name, sha256(data), len(data), kind.media_type)


def keep(given: Iterable[Given]) -> None:
    """Put the files on the disk, before the rows that name them: a row never points at nothing."""
    for each in given:
        each.file.seek(0)
        originals.keep(each.file.read())


def used_by_others(unit: int, given: Sequence[Given]) -> set[str]:
    """Of which of the files the bytes were used by another unit, for a month or in an answer. Two queries."""
    same = [each.sha256 for each in given]
    attached = Evidence.objects.filter(stands_for_its_package(), sha256__in=same).exclude(package__unit=unit)
    answered = ReplyFile.objects.filter(sha256__in=same).exclude(reply__question__package__unit=unit)
    return {*attached.values_list("sha256", flat=True), *answered.values_list("sha256", flat=True)}


def stands_for_its_package() -> Q:
    """Whether a file stands for its package; one withdrawn before it was submitted never did."""
    return Q(withdrawal__isnull=True) | Q(Exists(SubmittedEvidence.objects.filter(evidence=OuterRef("pk"))))


def others(name: str) -> str:
    return _("%(name)s was already used by another unit: choose the right file.") % {"name": name}


def refuse_faults(faults: Iterable[str]) -> None:
    said = " ".join(faults)
    if said:
        raise Refusal(said)
