"""What the pages of control plans ask of a plan, and of what was typed."""

from typing import Any

from registry.access import SignedInRequest
from reporting.models import ControlPlan, ControlPlanVersion

PLANS = ControlPlan.objects.select_related("unit__authority", "prepared_by")


def decision_of(version: ControlPlanVersion | None) -> Any:
    return getattr(version, "decision", None) if version is not None else None


def in_force(versions: list[ControlPlanVersion]) -> list[ControlPlanVersion]:
    return [version for version in versions if (decision := decision_of(version)) and decision.accepted]


def typed_reason(request: SignedInRequest) -> str:
    """What was typed as the reason, without null characters, which PostgreSQL doesn't keep."""
    return request.POST.get("reason", "").replace("\x00", "")
