"""A run computed again from its stored manifest alone, against what is stored, byte for byte."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from allocation import kept_shapes, runs
from allocation.models import Run
from allocation.runs import outcome
from allocation.runs.outcome import UnusableRunError
from registry.law import LawError
from registry.values.canonical import canonical, sha256

__all__ = ["Difference", "Rerun", "UnusableManifestError", "differences", "recomputed", "rerun"]

Row = Mapping[str, Any]
# The parts of a result, and by what a row of each is known.
PARTS = {"awards": "line", "settlements": "unit", "left_out": "line"}


class UnusableManifestError(Exception):
    """A run that can't be computed again at all; the message is for people."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where stored and computed part: the part of the result, whose row, the field; both as JSON, None where there is no such row."""

    part: str
    row: str
    field: str
    stored: str | None
    computed: str | None


@dataclass(frozen=True, slots=True)
class Rerun:
    """What became of it. `manifest_sha256` and `result_sha256` are computed here; `differences` in the order of the result."""

    run: Run
    manifest_sha256: str
    result_sha256: str
    stored_sha256: str  # of the awards, settlements and lines left out as they stand now
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_identical(self) -> bool:
        hashes = (self.manifest_sha256, self.result_sha256, self.stored_sha256)
        run = self.run
        return hashes == (run.manifest_sha256, run.result_sha256, run.result_sha256) and not self.differences

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run.pk,
            "identical": self.is_identical,
            "method": outcome.METHOD,
            "manifest_sha256": {"stored": self.run.manifest_sha256, "computed": self.manifest_sha256},
            "result_sha256": {
                "stored": self.run.result_sha256,
                "of_stored_rows": self.stored_sha256,
                "computed": self.result_sha256,
            },
            "differences": [
                {name: getattr(each, name) for name in ("part", "row", "field", "stored", "computed")}
                for each in self.differences
            ],
        }


def rerun(run: Run) -> Rerun:
    """Raises UnusableManifestError where there is nothing to compute from."""
    if not run.manifest:
        raise UnusableManifestError(_("Run %(run)s holds no manifest: nothing was computed.") % {"run": run.pk})
    result = recomputed(run.manifest)
    stored = runs.stored_result(run)
    ours, theirs = canonical(result), canonical(stored)
    return Rerun(
        run,
        manifest_sha256=sha256(run.manifest.encode()),
        result_sha256=sha256(ours.encode()),
        stored_sha256=sha256(theirs.encode()),
        differences=[] if ours == theirs else list(differences(stored, result)),
    )


def recomputed(manifest: str) -> kept_shapes.Result:
    """The result of a manifest's text; raises UnusableManifestError for everything from which none follows."""
    try:
        content = json.loads(manifest)
        if canonical(content) != manifest:
            raise UnusableManifestError(_("The manifest is not canonical JSON."))
        return outcome.result_of(content)
    except UnusableRunError as error:
        raise UnusableManifestError("; ".join(error.faults)) from error
    except (LawError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        said = _("Nothing can be computed from the manifest: %(why)s")
        raise UnusableManifestError(said % {"why": f"{type(error).__name__}: {error}"}) from error


def differences(stored: Row, computed: Row) -> Iterator[Difference]:
    """Field by field, row by row, in the order of the result."""
    for part, key in PARTS.items():
        have, want = ({row[key]: row for row in result.get(part, ())} for result in (stored, computed))
        for name in sorted(have.keys() | want.keys()):
            yield from _in_row(part, name, have.get(name), want.get(name))
    for part in sorted((stored.keys() | computed.keys()) - PARTS.keys()):
        yield from _in_row(part, "", {part: stored.get(part)}, {part: computed.get(part)})


def _in_row(part: str, name: str, stored: Row | None, computed: Row | None) -> Iterator[Difference]:
    if stored is None or computed is None:
        yield Difference(part, name, "", _written(stored), _written(computed))
        return
    for known in sorted(stored.keys() | computed.keys()):
        if known not in stored or known not in computed or stored[known] != computed[known]:
            yield Difference(part, name, known, _written(stored.get(known)), _written(computed.get(known)))


def _written(value: Any) -> str | None:
    return None if value is None else canonical(value)
