"""Files found fit to support something: told from their bytes, none twice, every fault said at once; then kept."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.db.models import Exists, OuterRef, Q

from registry import files as originals
from registry.labels.kept_sentences import gettext as _
from registry.refusal import Refusal
from registry.values import figures
from registry.values.canonical import sha256
from reporting.evidence.kinds import UnfitError, told_from
from reporting.models import Evidence, Package, ReplyFile, SubmittedEvidence
from reporting.submissions.reading import clean_name

__all__ = ["Given", "answered_by_others", "elsewhere", "fit", "keep", "others", "refuse_faults"]


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was found fit, without its bytes: there may be many, and large ones."""

    file: "File[bytes]"
    name: str
    sha256: str
    size: int
    media_type: str


def fit(files: Sequence["File[bytes]"]) -> list[Given]:
    """The files with what they are; refuses, naming all that can't be taken."""
    found: dict[str, Given] = {}
    faults = []
    for file in files:
        name = clean_name(file.name or "", "")
        try:
            each = _looked_at(file, name)
        except UnfitError as error:
            faults.append(_("%(name)s can't be accepted: %(why)s.") % {"name": name or "?", "why": error})
            continue
        twin = found.setdefault(each.sha256, each)
        if twin is not each:
            faults.append(_("%(name)s is the same file as %(twin)s: choose one.") % {"name": name, "twin": twin.name})
    refuse_faults(faults)
    return list(found.values())


def _looked_at(file: "File[bytes]", name: str) -> Given:
    limit = settings.EVIDENCE_LIMIT_BYTES
    if file.size > limit:
        size = {"size": figures.tonnes(file.size), "limit": figures.tonnes(limit)}
        raise UnfitError(_("it has %(size)s bytes; at most %(limit)s are accepted") % size)
    file.seek(0)
    data = file.read()
    kind = told_from(data, name)
    return Given(file, name, sha256(data), len(data), kind.media_type)


def keep(given: Iterable[Given]) -> None:
    """Put the files on the disk, before the rows that name them: a row never points at nothing."""
    for each in given:
        each.file.seek(0)
        originals.keep(each.file.read())


def elsewhere(package: Package, digests: Collection[str]) -> list[Evidence]:
    """Where bytes of these digests stand for other packages, the unit's own among them, the oldest first; with the package.

    A file that was withdrawn before it was submitted never stood for anything. One query where there are none, two where there are.
    """
    same = Evidence.objects.filter(sha256__in=digests).exclude(package=package.pk)
    if not same.exists():
        return []
    submitted = Exists(SubmittedEvidence.objects.filter(evidence=OuterRef("pk")))
    standing = same.filter(Q(withdrawal__isnull=True) | Q(submitted))
    return list(standing.select_related("package").order_by("pk"))


def answered_by_others(unit: int, digests: Collection[str]) -> set[str]:
    """Of which of the digests another unit gave bytes in an answer. One query."""
    answered = ReplyFile.objects.filter(sha256__in=digests).exclude(reply__question__package__unit=unit)
    return set(answered.values_list("sha256", flat=True))


def others(name: str) -> str:
    return _("%(name)s was already used by another unit: choose the right file.") % {"name": name}


def refuse_faults(faults: Iterable[str]) -> None:
    said = " ".join(faults)
    if said:
        raise Refusal(said)
