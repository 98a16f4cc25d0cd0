"""What the control plan offers for a value that is missing: to be filled in with one press, and to be seen where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.values.bilingual import name_of
from reporting.content import DEFAULT
from reporting.control_plan import Place, Plan, Standing, standings
from reporting.correction.month import Month
from reporting.workbook.definition import Field, Group, Key
from reporting.workbook.reading.typed import Texts, named

__all__ = ["Offer", "Offers"]


@dataclass(frozen=True, slots=True)
class Offer:
    """For one cell: `texts` by column are what one press fills in, none where no one estimate holds for the month; `words` say why.

    `place` is the plan's own row, of the fuel or of its whole group.
    """

    texts: dict[str, str]
    words: str
    place: str
    version: int


class Offers:
    """The offers of a month by the plans in force in it."""

    def __init__(self, month: Month, plans: Sequence[Plan]) -> None:
        self.month, self.plans = month, {plan.version: plan for plan in plans}
        self._standings: dict[Place, Standing] = standings(month.form, month.codes, plans, month.spec.period)

    def of(self, group: Group, key: Key, field: Field, item: str, texts: Texts) -> Offer | None:
        """What is offered for a datum; of a group of fuels only for one that is stated, or of which the plan speaks by name."""
        line = self.month.codes[key.line - 1] if key.line else ""
        planned = self._standings.get(Place(group.key, line, item, field.name))
        if planned is None or (group.items and not item):
            return None
        part = planned.one or planned.parts[-1]
        if group.items and not part.place.item and not _is_begun(group, key, texts):
            return None
        plan = self.plans[part.version]
        if planned.one is None:
            words = _("No single estimate of the control plan applies to the whole month: %(estimates)s") % {
                "estimates": planned.words
            }
            return Offer({}, words, part.place.key, plan.version)
        about = {"version": plan.version, "item": _what(group, field, part.place, line)}
        words = _("Control plan, version %(version)s: %(item)s") % about
        return Offer(
            {"value": planned.words, "how": DEFAULT, "source": source_of(plan, group, field, part.place)},
            f"{words}. {part.fallback}".strip(),
            part.place.key,
            plan.version,
        )

    def filled(self, key: str, texts: Texts) -> dict[str, str]:
        """What pressing the button of a row (by its key) fills in, by the cells' names; nothing where nothing is offered."""
        row = Key.parse(key)
        group = self.month.form.groups[row.group][0] if row and row.group in self.month.form.groups else None
        field = group.field(row.field) if row and group else None
        if row is None or group is None or field is None:
            return {}
        item = (
            texts.get(named(Key(row.line, row.group, row.slot, group.fields[0].name), "item"), "")
            if group.items
            else ""
        )
        offer = self.of(group, row, field, item, texts)
        return {named(row, column): text for column, text in (offer.texts if offer else {}).items()}


def source_of(plan: Plan, group: Group, field: Field, place: Place) -> str:
    """What stands as the value's source: the plan, its row, and that it is an estimate; in both languages, like the workbook."""
    item = next((each.words for each in group.items if each.code == place.item), None)
    parts = [group.words, *([item] if item else []), field.words]
    zh, en = "·".join(words.zh for words in parts), " · ".join(words.en for words in parts)
    return f"{plan.words.zh}保守估计值（{zh}） conservative estimate of {plan.words.en} ({en})"


def _what(group: Group, field: Field, place: Place, line: str) -> str:
    """The plan's row in the page's language."""
    item = next((name_of(each.words) for each in group.items if each.code == place.item), "")
    return " · ".join(part for part in (line, name_of(group.words), item, name_of(field.words)) if part)


def _is_begun(group: Group, key: Key, texts: Texts) -> bool:
    """Whether anything is stated in the key's slot."""
    names = (named(Key(key.line, key.group, key.slot, field.name), "value") for field in group.fields)
    return any(texts.get(name) for name in names)
