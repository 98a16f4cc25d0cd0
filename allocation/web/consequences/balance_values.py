"""Publishing a balance value: every line of the sector is determined with it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.models import BalanceValue
from registry.access import SignedInRequest
from registry.values.figures import tonnes
from registry.web.confirming import Change, Consequence, Consequential

__all__ = ["PUBLICATION"]

THEN = gettext_lazy("The provinces determine the quota of the year with it, by the day that the calendar names.")


def _publishing(_request: SignedInRequest, row: BalanceValue) -> Consequence:
    found = row.found
    said = {"sector": row.get_sector_display(), "year": row.year, "value": row.value}
    lines = found["clipped_above"] + found["within"] + found["clipped_below"] + found["equal_lines"]
    return Consequence(
        _("You are about to publish the balance value %(value)s: %(sector)s %(year)s") % said,
        _("Publish"),
        facts=[
            (_("Sector"), row.get_sector_display()),
            (_("Year"), str(row.year)),
            (_("Computed by"), row.computed_by),
            (_("Quota − emissions"), _("%(tonnes)s t") % {"tonnes": tonnes(found["residue"])}),
            (_("Manifest (sha256)"), row.manifest_sha256),
        ],
        changes=[
            Change(_("Published balance value"), None, str(row.value)),
            Change(_("Quota of the sector beside its emissions (t)"), found["total_emissions"], found["total_quota"]),
        ],
        touches=[_("%(lines)s lines of the sector in all provinces") % {"lines": tonnes(lines)}],
        final=_("A published value is never withdrawn or replaced; results that come later don't change it."),
    )


PUBLICATION = Consequential(_publishing, ["balance_value.published"], [BalanceValue.State.COMPUTED], then=THEN)
