"""How the stable codes of allocation read on pages, and the tone of each state."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from allocation.models import (
    BalanceValue,
    Deduction,
    Differentiation,
    Letter,
    Objection,
    Recomputation,
    Release,
    Run,
    SurrenderRequest,
    TradeImport,
)

CASES: dict[str, Promise] = {
    "pre_allocation": _("allocated in advance"),
    "equal_by_plan": _("quota equals emissions, by the plan"),
    "idle": _("no output, no emissions"),
    "white": _("white clinker only: quota equals emissions"),
    "gypsum_acid": _("gypsum to sulphuric acid: quota equals emissions"),
    "carbide_slag": _("carbide slag above the limit: quota equals emissions"),
    "oxygen_furnace": _("oxygen furnace: quota equals emissions"),
    "small_unit": _("small unit: quota equals emissions"),
    "commissioned": _("commissioned in the year: quota equals emissions"),
    "closed": _("closed before determination: quota equals emissions"),
    "outside_commissioned": _("commissioned in the year: outside"),
    "outside_closed": _("closed before determination: outside"),
    "within": _("by intensity"),
    "clipped_above": _("by intensity, at the upper cap"),
    "clipped_below": _("by intensity, at the lower cap"),
}

INPUTS: dict[str, Promise] = {
    "emissions": _("Verified emissions"),
    "emissions_year": _("Year of these emissions"),
    "main_emissions": _("Emissions of the main processes"),
    "output": _("Output"),
    "kind": _("Kind of line"),
    "carbide_slag_rate": _("Carbide-slag rate"),
    "commissioned": _("Commissioned"),
    "closed": _("Closed"),
    "unit": _("Unit"),
    "unit_emissions": _("Verified emissions of the whole unit"),
    "determined_on": _("Day of determination"),
    "balance_value": _("Balance value"),
}

STEPS: dict[str, Promise] = {
    "I": _("Intensity"),
    "X": _("Intensity deviation"),
    "α": _("Intensity coefficient"),
    "A": _("Quota"),
}

SECTIONS: dict[str, Promise] = {
    "determination": _("Determined quota"),
    "rounding": _("Rounding"),
    "balance_value": _("Balance value"),
    "pre_allocation": _("Pre-allocation"),
    "deductions": _("Deductions"),
    "issue": _("Issue"),
    "surrender": _("Surrender"),
    "carry_over": _("Carry-over"),
}

BALANCE_VALUE_TONES = {
    BalanceValue.State.COMPUTING: "info",
    BalanceValue.State.COMPUTED: "warn",
    BalanceValue.State.PUBLISHED: "ok",
    BalanceValue.State.FAILED: "danger",
    BalanceValue.State.SUPERSEDED: "neutral",
    BalanceValue.State.WITHDRAWN: "neutral",
}
RECOMPUTATION_TONES = {
    Recomputation.State.COMPUTING: "info",
    Recomputation.State.COMPUTED: "neutral",
    Recomputation.State.FAILED: "danger",
}
RUN_TONES = {
    Run.State.PREPARING: "info",
    Run.State.PREPARED: "warn",
    Run.State.APPROVED: "ok",
    Run.State.REFUSED: "danger",
    Run.State.FAILED: "danger",
    Run.State.CANCELLED: "neutral",
}
# The run board also has scopes without a run.
RUN_BOARD_STATES: dict[str, Promise | str] = {"none": _("not begun"), **dict(Run.State.choices)}
RUN_BOARD_TONES: dict[str, str] = {"none": "neutral", **{str(state): tone for state, tone in RUN_TONES.items()}}
LETTER_TONES = {
    Letter.State.DRAFTED: "warn",
    Letter.State.SENT: "info",
    Letter.State.PREPARED: "info",
    Letter.State.EXECUTED: "ok",
    Letter.State.DISCARDED: "neutral",
}
SURRENDER_TONES = {
    SurrenderRequest.State.REQUESTED: "info",
    SurrenderRequest.State.CONFIRMED: "info",
    SurrenderRequest.State.APPROVED: "info",
    SurrenderRequest.State.EXECUTED: "ok",
    SurrenderRequest.State.REFUSED: "danger",
    SurrenderRequest.State.WITHDRAWN: "neutral",
}
DEDUCTION_TONES = {
    Deduction.State.PROPOSED: "warn",
    Deduction.State.APPROVED: "ok",
    Deduction.State.REFUSED: "danger",
}
DIFFERENTIATION_TONES = {
    Differentiation.State.PROPOSED: "warn",
    Differentiation.State.APPROVED: "info",
    Differentiation.State.REFUSED: "danger",
    Differentiation.State.LIFTED: "neutral",
}
RELEASE_TONES = {
    Release.State.PROPOSED: "warn",
    Release.State.APPROVED: "info",
    Release.State.EXECUTED: "ok",
    Release.State.REFUSED: "danger",
}
OBJECTION_TONES = {
    Objection.State.DRAFTED: "neutral",
    Objection.State.RETURNED: "danger",
    Objection.State.FILED: "warn",
    Objection.State.PROPOSED: "warn",
    Objection.State.GRANTED: "ok",
    Objection.State.REFUSED: "danger",
    Objection.State.WITHDRAWN: "neutral",
}
TRADE_IMPORT_TONES = {
    TradeImport.State.PROPOSED: "warn",
    TradeImport.State.EXECUTING: "info",
    TradeImport.State.EXECUTED: "ok",
    TradeImport.State.REFUSED: "danger",
    TradeImport.State.WITHDRAWN: "neutral",
}
