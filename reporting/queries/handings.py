"""What was handed to a unit's approver: which months came back, and how it stands with one."""

from django.db.models import F, QuerySet

from reporting.models import HandingOver, Package

__all__ = ["of_package", "sent_back"]

State = HandingOver.State


def sent_back(rows: QuerySet[Package]) -> QuerySet[Package]:
    """Those of the packages whose current version the approver has sent back, and that are not with them again."""
    returned = HandingOver.objects.filter(state=State.RETURNED, submission=F("package__submission"))
    return rows.filter(state=Package.State.READ, handing__isnull=True, pk__in=returned.values("package"))


def of_package(package: Package) -> HandingOver | None:
    """The handing over that is open, or that ended last with the current version sent back; None where neither is so."""
    if package.state != Package.State.READ:
        return None
    rows = package.handings.select_related("by", "ended_by", "submission")
    return rows.filter(state__in=[State.OPEN, State.RETURNED], submission=package.submission_id).last()
