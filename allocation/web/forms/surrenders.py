"""The form of a surrender request."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from allocation.queries import Held
from registry.values import figures, printed


class SurrenderForm(forms.Form):
    """How many tonnes of each vintage that may settle the year; one field per vintage."""

    def __init__(self, *args: Any, vintages: Iterable[int], held: Iterable[Held], missing: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free: dict[int, int] = defaultdict(int)
        for row in held:
            free[row.vintage] += row.free or 0
        for vintage in vintages:
            help_text = _("%(free)s t available.") % {"free": figures.tonnes(free.get(vintage, 0))}
            offered = min(free.get(vintage, 0), missing)
            missing -= offered
            self.fields[f"v{vintage}"] = printed.IntegerField(
                min_value=0,
                required=False,
                initial=offered or None,
                label=_("Vintage %(vintage)s (t)") % {"vintage": vintage},
                help_text=help_text,
            )

    def quantities(self) -> dict[int, int]:
        """Tonnes by vintage, of a valid form."""
        return {int(name[1:]): quantity for name, quantity in self.cleaned_data.items() if quantity}
