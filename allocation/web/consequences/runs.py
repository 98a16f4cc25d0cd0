"""Approving a run: what it gives and takes, of how many units, and what they owe by it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allocation import objections, runs
from allocation.compliance import adjustments
from allocation.models import Run
from registry.access import SignedInRequest
from registry.models import JournalEntry
from registry.values.figures import tonnes
from registry.web.buttons import link
from registry.web.confirming import After, Change, Consequence, Consequential

__all__ = ["APPROVAL"]

State = Run.State
THEN = gettext_lazy(
    "An officer writes the letter to the registrar, who issues the quota. Units can object from now on."
)


def _facts(row: Run) -> list[tuple[str, object]]:
    counts = runs.figures_of(row).counts
    return [
        (_("Authority"), row.authority),
        (_("Sector"), row.get_sector_display()),
        (_("Year and kind"), f"{row.year} · {row.get_kind_display()}"),
        (_("Units and lines"), f"{tonnes(counts['units'])} · {tonnes(counts['lines'])}"),
        (_("Lines left out"), tonnes(counts["left_out"])),
    ]


def _changes(row: Run) -> tuple[list[Change], int]:
    """The sums before and after, and how many units are sent an adjustment notice."""
    rows = adjustments.changes(row)
    sums, moves = runs.figures_of(row).settlements, runs.figures_of(row).moves
    before = sums["issued_before"]
    quota, due = sum(each.quota_before for each in rows), sum(each.due_before for each in rows)
    determined = [
        Change(_("Determined quota (t)"), quota, quota + sum(each.quota_change for each in rows)),
        Change(_("Tonnes due (t)"), due, due + sum(each.due_change for each in rows)),
    ]
    issued = Change(_("Issued, once the letter is executed (t)"), before, before + moves["issue"] - moves["back"])
    told = sum(each.is_told for each in rows)
    return [*(determined if row.kind == Run.Kind.DETERMINATION else []), issued], told


def _approving(_request: SignedInRequest, row: Run) -> Consequence:
    changes, told = _changes(row)
    moves = runs.figures_of(row).moves
    said = {"kind": row.get_kind_display(), "sector": row.get_sector_display(), "year": row.year, "who": row.authority}
    contested = objections.under_objection(row.authority_id, row.sector, row.year).count()
    under = ngettext(
        "%(count)s objection in this sector and year is not decided yet.",
        "%(count)s objections in this sector and year are not decided yet.",
        contested,
    )
    return Consequence(
        _("You are about to approve: %(who)s, %(sector)s, %(kind)s %(year)s") % said,
        _("Approve the run"),
        facts=_facts(row),
        changes=changes,
        touches=[
            _("%(units)s units are to receive %(tonnes)s t")
            % {"units": moves["issue_units"], "tonnes": tonnes(moves["issue"])},
            *(
                [
                    _("%(units)s units are to return %(tonnes)s t")
                    % {"units": moves["back_units"], "tonnes": tonnes(moves["back"])}
                ]
                if moves["back"]
                else []
            ),
            *([_("%(units)s units are sent an adjustment notice at once") % {"units": told}] if told else []),
        ],
        warnings=[under % {"count": contested}] if contested else [],
        final=_("An approved run can't be taken back; only another determination changes it."),
        fields={"manifest_sha256": row.manifest_sha256, "result_sha256": row.result_sha256},
    )


def _approved(_request: SignedInRequest, _entry: JournalEntry, row: Run) -> After:
    moves = runs.figures_of(row).moves
    return After(
        _("Run %(number)s approved") % {"number": row.pk},
        facts=[
            *_facts(row),
            (_("Quota to issue"), _("%(tonnes)s t") % {"tonnes": tonnes(moves["issue"])}),
            (_("Quota to be returned"), _("%(tonnes)s t") % {"tonnes": tonnes(moves["back"])}),
            (_("Result (sha256)"), row.result_sha256),
        ],
        then=str(THEN),
        links=[link(_("Other runs"), "allocation:runs", query=f"state={State.PREPARED}")],
    )


APPROVAL = Consequential(_approving, ["run.approved"], [State.PREPARED], _approved, then=THEN)
