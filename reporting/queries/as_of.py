"""How a package stood at the end of a day: read off what happened, which is append-only; the row itself knows only the present."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from registry.law import calendar
from reporting.models import Package, PackageEvent, Submission, Upload

__all__ = ["UNASKED", "Standing", "standings"]

State, Kind = Package.State, PackageEvent.Kind
# What no list of months shows of a package or its version, and what would have to be read for each of hundreds.
UNASKED = (
    "risk_parts",
    *(
        f"submission__{name}"
        for name in ("content", "totals", "thresholds", "compared_with", "measured", "unused_reasons")
    ),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A package on a day: its state then, the version that counted, and whether its first submission had come late."""

    pk: int
    unit_id: int
    period: str
    state: Package.State
    late: bool
    submission: Submission | None

    @property
    def get_state_display(self) -> str:
        return str(self.state.label)

    @property
    def is_with_unit(self) -> bool:
        return self.state in (State.OPEN, State.READ, State.RETURNED)


def standings(rows: QuerySet[Package], day: dt.date) -> Iterator[Standing]:
    """The packages as they stood at the end of `day`, without those of which nothing had come in by then.

    One query; three more where something has happened since.
    """
    end = calendar.end_of(day)
    own = {"package": OuterRef("pk")}
    since = (
        Exists(PackageEvent.objects.filter(**own, at__gt=end))
        | Exists(Submission.objects.filter(**own, read_at__gt=end))
        | Exists(Upload.objects.filter(**own, at__gt=end))
    )
    packages = list(rows.select_related("submission").defer(*UNASKED).annotate(moved_on=since))
    moved = [package.pk for package in packages if package.moved_on]
    past = _Past(moved, end) if moved else None
    for package in packages:
        if past is None or not package.moved_on:
            yield _standing(package, State(package.state), package.submission, late=package.late)
        elif then := past.standing(package):
            yield then


class _Past:
    """What had happened to some packages by an instant. Three queries."""

    def __init__(self, packages: list[int], end: dt.datetime) -> None:
        self.events: dict[int, list[PackageEvent]] = defaultdict(list)
        self.versions: dict[int, list[Submission]] = defaultdict(list)
        events = PackageEvent.objects.filter(package__in=packages, at__lte=end).order_by("pk")
        for event in events.select_related("submission").defer("submission__content"):
            self.events[event.package_id].append(event)
        versions = Submission.objects.filter(package__in=packages, read_at__lte=end).order_by("version")
        for version in versions.defer("content"):
            self.versions[version.package_id].append(version)
        uploads = Upload.objects.filter(package__in=packages, at__lte=end)
        self.begun = set(uploads.values_list("package", flat=True))

    def standing(self, package: Package) -> Standing | None:
        events = self.events[package.pk]
        last = events[-1] if events else None
        late = any(event.late for event in events[:1])  # the first submission's
        if last is not None and last.kind != Kind.RETURNED:
            return _standing(package, State(last.kind), last.submission, late=late)
        returned = last.submission.version if last is not None else 0
        drafts = [version for version in self.versions[package.pk] if version.version > returned]
        if drafts:
            return _standing(package, State.READ, drafts[-1], late=late)
        if last is not None:
            return _standing(package, State.RETURNED, last.submission, late=late)
        return _standing(package, State.OPEN, None, late=late) if package.pk in self.begun else None


def _standing(package: Package, state: Package.State, submission: Submission | None, *, late: bool) -> Standing:
    return Standing(package.pk, package.unit_id, package.period, state, late, submission)
