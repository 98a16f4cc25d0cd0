"""The table of a verification as a form."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registry.values import printed
from reporting.findings import halves, in_one
from reporting.models import ReportedDatum, VerifiedDatum
from reporting.verification import Decision
from reporting.verification import table as settling
from reporting.verification.dependents import Expected


class SettlingForm(forms.Form):
    """The table of a verification: for every datum the value found, a reason, and a tick. All faults show at once.

    With every row goes the key of what it showed as settled, so that nobody writes over what they have not seen.
    """

    def __init__(self, rows: Iterable[settling.Row], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.rows = list(rows)
        for row in self.rows:
            self._add(row)
        self.overtaken = {
            row.datum.pk for row in self.rows if self.is_bound and self._posted(row) != settling.key_of(row)
        }

    def _posted(self, row: settling.Row) -> str:
        return str(self.data.get(f"seen-{row.datum.pk}") or "0")

    @staticmethod
    def seen(row: settling.Row) -> SafeString:
        """The hidden field: what is settled now, also in a form that comes back with faults."""
        return format_html('<input type="hidden" name="seen-{}" value="{}">', row.datum.pk, settling.key_of(row))

    def _offered(self, row: settling.Row) -> SafeString:
        """The hidden field beside a reason that the platform wrote: what it says to readers of either language."""
        key, reason = row.datum.pk, row.settled.reason if row.settled else row.offered_reason
        offered = self.data.get(f"both-{key}", "") if self.is_bound else reason if in_one(reason) != reason else ""
        return format_html('<input type="hidden" name="both-{}" value="{}">', key, offered) if offered else SafeString()

    def _add(self, row: settling.Row) -> None:
        key, settled = row.datum.pk, row.settled
        name = f"{row.datum.line.code if row.datum.line else ''} {row.item.label}"
        value = row.offered if settled is None else settled.value
        places = row.item.places
        self.fields[f"value-{key}"] = printed.DecimalField(
            min_value=0,
            max_digits=11 + places,
            decimal_places=places,
            initial=f"{value:.{places}f}",
            widget=forms.TextInput(attrs=_attributes(_("%(item)s: verified") % {"item": name}, inputmode="decimal")),
        )
        self.fields[f"reason-{key}"] = forms.CharField(
            required=False,
            max_length=2000,
            initial=in_one(row.offered_reason if settled is None else settled.reason),
            widget=forms.TextInput(attrs=_attributes(_("%(item)s: reason") % {"item": name})),
        )
        self.fields[f"ok-{key}"] = forms.BooleanField(
            required=False,
            initial=settled is not None,
            widget=forms.CheckboxInput(attrs={"aria-label": _("%(item)s: checked") % {"item": name}}),
        )

    def lines(
        self,
    ) -> Iterator[tuple[settling.Row, forms.BoundField, forms.BoundField, forms.BoundField, SafeString]]:
        """Each row of the table with its three fields and the hidden one."""
        for row in self.rows:
            key = row.datum.pk
            yield (
                row,
                self[f"value-{key}"],
                self[f"reason-{key}"],
                self[f"ok-{key}"],
                self.seen(row) + self._offered(row),
            )

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            key, value, reason = row.datum.pk, self.cleaned_data.get(f"value-{row.datum.pk}"), self._reason(row.datum)
            if value is not None and value != row.datum.value and not reason:
                self.add_error(f"reason-{key}", _("A corrected value needs a reason."))
            if key in self.overtaken and value is not None and self._decides(row, value, reason):
                message = _(
                    "Settled as %(value)s by %(person)s in the meantime: enter that, or save again to replace it."
                )
                by = row.settled.by if row.settled else ""
                self.add_error(f"value-{key}", message % {"value": row.verified_text, "person": by})
        return self.cleaned_data

    def decisions(self) -> list[Decision]:
        """What is to be settled: the rows ticked or corrected, where that isn't settled so already."""
        return [
            Decision(row.datum, value, reason, seen=int(settling.key_of(row)))
            for row in self.rows
            for value, reason in [(self._value(row.datum), self._reason(row.datum))]
            if self._decides(row, value, reason)
        ]

    def values(self) -> dict[int, Decimal]:
        """By datum the values typed, as far as they are numbers."""
        typed = ((row.datum.pk, self.cleaned_data.get(f"value-{row.datum.pk}")) for row in self.rows)
        return {key: value for key, value in typed if value is not None}

    def with_recomputed(self, new: Mapping[int, Expected], reasons: Mapping[int, str]) -> dict[str, Any]:
        """What was typed, with the recomputed data in their places; a reason of its own stays, else it is told why (`reasons`)."""
        data = {name: str(value) for name, value in self.data.items()}
        for key, found in new.items():
            data[f"value-{key}"] = f"{found.value:.{found.item.places}f}"
            if not data.get(f"reason-{key}", "").strip():
                data[f"reason-{key}"], data[f"both-{key}"] = in_one(reasons[key]), reasons[key]
        return data

    def seal_with(self, settled: Iterable[VerifiedDatum]) -> str:
        """The seal of the table as the person saw it, with what they have settled since: what they conclude."""
        keys = {row.datum.pk: self._posted(row) for row in self.rows}
        return settling.seal_of(keys | {row.datum_id: str(row.pk) for row in settled})

    def _decides(self, row: settling.Row, value: Decimal, reason: str) -> bool:
        if row.settled is not None and (row.settled.value, row.settled.reason) == (value, reason):
            return False
        return bool(self.cleaned_data[f"ok-{row.datum.pk}"]) or value != row.offered

    def _value(self, datum: ReportedDatum) -> Decimal:
        value: Decimal = self.cleaned_data[f"value-{datum.pk}"]
        return value

    def _reason(self, datum: ReportedDatum) -> str:
        """As typed; what the platform offered and nobody changed stays a reason for readers of either language."""
        typed, offered = (
            str(self.cleaned_data.get(f"reason-{datum.pk}", "")).strip(),
            self.data.get(f"both-{datum.pk}", ""),
        )
        return offered if offered and typed in halves(offered) else typed


def corrections(rows: Iterable[settling.Row], typed: Mapping[str, str]) -> list[str]:
    """In words what was typed into a SettlingForm: the values that are not as reported, and the reasons."""
    found = []
    for row in rows:
        value, reason = (typed.get(f"{part}-{row.datum.pk}", "").strip() for part in ("value", "reason"))
        if reason or value not in ("", f"{row.datum.value:.{row.item.places}f}"):
            line = row.datum.line.code if row.datum.line else ""
            found.append(f"{line} {row.item.label}: {value} {reason}".strip())
    return found


def _attributes(name: str, **more: str) -> dict[str, str]:
    """A field within a table has no label beside it: its name is said to whoever can't see the table."""
    return {"aria-label": name, "class": "control", **more}
