"""What of allocation is bound to the journal (registry.journal.seals)."""

from django.db.models import Q

from registry.journal import seals
from registry.journal.seals import Bound, Part

VALUE = (
    "sector",
    "year",
    "plan_id",
    "value",
    "exact",
    "low",
    "high",
    "report",
    "manifest_sha256",
    "computed_by",
    "requested_at",
)
RUN = (
    "kind",
    "authority",
    "sector",
    "year",
    "time",
    "ground",
    "reason",
    "plan_id",
    "balance_value",
    "prepared_by",
    "requested_at",
    "manifest_sha256",
    "result_sha256",
)
LETTER = ("authority", "year", "kind", "number", "tables_sha256", "total", "to_return", "written_by", "written_at")
REQUEST = ("unit", "notice", "year", "total", "requested_by", "requested_at")
OBJECTION = ("settlement", "unit", "due")
DEDUCTION = (
    "unit",
    "sector",
    "number",
    "decided_on",
    "year",
    "tonnes",
    "ground",
    "file_sha256",
    "proposed_by",
    "proposed_at",
)
REVOCATION = ("deduction", "number", "decided_on", "reason", "proposed_by", "proposed_at")
MARK = ("unit", "sector", "year", "plan_id", "ground", "facts", "proposed_by", "proposed_at")
RELEASE = ("unit", "year", "number", "tonnes", "proposed_by", "proposed_at")
TABLE = ("name", "sha256", "trades", "quantity", "proposed_by", "proposed_at")

BOUND = (
    # Computed values and runs are bound from the moment at which somebody can look at them. A manifest is bound by its digest.
    Bound(
        "allocation.balancevalue",
        fixed=VALUE,
        but=("manifest", "job", "fault"),
        when=Q(state__in=["computed", "published", "superseded", "withdrawn"]),
    ),
    Bound("allocation.recomputation", but=("job",), when=Q(state="computed")),
    Bound("allocation.confirmedoutlier"),
    Bound(
        "allocation.run",
        fixed=RUN,
        but=("manifest", "job", "letter", "faults"),
        when=~Q(state__in=["preparing", "failed"]),
    ),
    Bound("allocation.adjustmentnotice"),
    Bound(
        "allocation.letter",
        fixed=LETTER,
        parts=(Part("allocation.run", "letter", only=("id", "result_sha256"), moves=True),),
    ),
    Bound("allocation.transaction"),
    Bound("allocation.trade"),
    Bound("allocation.tradeimport", fixed=TABLE, parts=(Part("allocation.traderow", "imported"),)),
    Bound("allocation.notice"),
    Bound(
        "allocation.surrenderrequest",
        fixed=REQUEST,
        parts=(
            Part("allocation.surrenderitem", "request"),
            Part("allocation.withhelditem", "request"),
        ),
    ),
    Bound("allocation.certificate"),
    Bound("allocation.objection", fixed=OBJECTION),
    Bound("allocation.deduction", fixed=DEDUCTION),
    Bound("allocation.revocation", fixed=REVOCATION),
    Bound("allocation.differentiation", fixed=MARK),
    Bound("allocation.release", fixed=RELEASE),
    # An account is opened by whatever first moves quota into it; freezing it is an act.
    Bound(
        "allocation.account", fixed=("kind", "unit", "held_for"), but=("authority", "opened_at"), when=Q(frozen=True)
    ),
)
ELSEWHERE = {
    "allocation.award": "the digest of the result in its run, which is bound",
    "allocation.leftout": "the digest of the result in its run, which is bound",
    "allocation.settlement": "the digest of the result in its run, which is bound",
    "allocation.deductionmovement": "the digest of the result in its run, which is bound",
    "allocation.withholding": "the digest of the result in its run, which is bound",
    "allocation.entry": "the digest of the entries in its transaction, which is bound",
}


def name() -> None:
    """Say so; asked for when the app is ready."""
    seals.bind(*BOUND)
    seals.elsewhere(ELSEWHERE)
