"""The formulas that show a clerk what the platform will compute. They serve the eye only: the reader never takes their results."""

from collections.abc import Mapping, Sequence

from reporting.accounting.citations import FACTORS
from reporting.guidelines import Guideline
from reporting.workbook.definition import COMPUTED, KEY, LISTS_SHEET, OBJECT, PENALTY, VALUE, Form, Group, Item
from reporting.workbook.layout import FIRST_ROW, Layout, Slot
from reporting.workbook.sector import of
from reporting.workbook.writing.summary import Row

# Columns of the lists sheet: fuels with measure, NCV, CC, OF, the NCV in use and whether it may be other
# than the default; beside them materials with their factors.
FUEL_NAME, FUEL_MEASURE, FUEL_NCV, FUEL_CC, FUEL_OF, FUEL_USED, FUEL_FREE, FACTOR_NAME, FACTOR_VALUE, FACTOR_UNIT = (
    range(10)
)
TARGET_NAME, ITEM_NAME = 11, 12  # what meters may measure, and of what
PERIOD_FIRST, PERIOD_LAST = 14, 15  # the period's first and last day
LISTS_FIRST_ROW = 3


def ref(row: int, column: int, *, fixed: bool = False) -> str:
    """A1 notation of a place counted from 0."""
    letter = chr(65 + column)
    return f"${letter}${row + 1}" if fixed else f"{letter}{row + 1}"


FEW = 4  # a drop-down list this short holds its entries itself


class Lists:
    """Where fuels and factors stand on the lists sheet; `aliases` are further names of fuels, like coke fines."""

    def __init__(self, guideline: Guideline, aliases: tuple[Item, ...]) -> None:
        self.guideline = guideline
        self.aliases = aliases
        self.fuels = [fuel.code for fuel in guideline.fuels.values() if not fuel.is_unmarked]
        self.factors = [(group, code) for group in of(guideline.sector).factors for code in guideline.factors(group)]

    @classmethod
    def of(cls, form: Form) -> "Lists":
        return cls(form.guideline, of(form.sector).aliases(form))

    @property
    def named(self) -> list[tuple[str, str]]:
        """The sheet's rows of fuels: the name that stands there, and the fuel's code."""
        own = [(self.guideline.fuels[code].name, code) for code in self.fuels]
        return own + [(item.words.text, item.code) for item in self.aliases]

    def source(self, group: Group) -> str | list[str]:
        """What a group's drop-down list takes its entries from: a range of the sheet where they stand together, else the entries."""
        places = [self._place(FACTORS.get(group.table, group.table), item.code) for item in group.offered]
        (first, column), last = places[0], places[-1][0]
        together = [row for row, _ in places] == list(range(first, last + 1))
        if len(places) <= FEW or not together:
            return [item.words.text for item in group.offered]
        return f"='{LISTS_SHEET}'!{ref(first, column, fixed=True)}:{ref(last, column, fixed=True)}"

    def _place(self, table: str, code: str) -> tuple[int, int]:
        if (table, code) in self.factors:
            return LISTS_FIRST_ROW + self.factors.index((table, code)), FACTOR_NAME
        return LISTS_FIRST_ROW + (self.fuels.index(code) if code in self.fuels else 0), FUEL_NAME

    def factor(self, group: str, code: str) -> str:
        """The cell that holds a factor."""
        return f"'{LISTS_SHEET}'!{ref(LISTS_FIRST_ROW + self.factors.index((group, code)), FACTOR_VALUE, fixed=True)}"

    def fuel(self, name: str, column: int) -> str:
        """A fuel's property, looked up by the name in a cell."""
        last = LISTS_FIRST_ROW + len(self.fuels) + len(self.aliases) - 1
        table = f"{ref(LISTS_FIRST_ROW, FUEL_NAME, fixed=True)}:{ref(last, FUEL_FREE, fixed=True)}"
        return f"VLOOKUP({name},'{LISTS_SHEET}'!{table},{column + 1},FALSE)"

    def material(self, name: str) -> str:
        """A material's factor, looked up by the name in a cell."""
        table = f"{ref(LISTS_FIRST_ROW, FACTOR_NAME, fixed=True)}:{ref(LISTS_FIRST_ROW + len(self.factors) - 1, FACTOR_VALUE, fixed=True)}"
        return f"VLOOKUP({name},'{LISTS_SHEET}'!{table},2,FALSE)"


def beside(slot: Slot, lists: Lists) -> Mapping[int, str]:
    """The formulas in the computed column of a slot, by row."""
    group = slot.group
    if not group.equation:
        return {}
    row = slot.row_of(group.amount)
    if row is None:
        return {}
    if own := of(lists.guideline.sector).equations.get(group.equation):
        return own(slot, lists)
    name = ref(slot.row, OBJECT)
    if group.equation in ("factor", "deducted"):
        amount, sign = rounded(slot, group.amount), "-" if group.equation == "deducted" else ""
        counted = f"{amount}*{less(row) if sign else more(row)}"
        return {row: guarded(amount, f"{sign}{counted}*{lists.material(name)}")}
    net = _net(slot)
    return {row: guarded(net, _fuel(slot, lists, row, name, net))}


def rounded(slot: Slot, name: str) -> str:
    """A datum as it counts: rounded as it is read, and nothing where no number stands."""
    row, field = slot.row_of(name), slot.group.field(name)
    return f"ROUND(N({ref(row, VALUE)}),{field.places})" if row is not None and field is not None else "0"


def more(row: int) -> str:
    """1 + p: what emits is taken at its highest."""
    return f"(1+{ref(row, PENALTY)}/100)"


def less(row: int) -> str:
    """1 − p, not below nothing: what is deducted, leaves, or counts as output is taken at its lowest."""
    return f"(1-MIN({ref(row, PENALTY)}/100,1))"


def _net(slot: Slot) -> str:
    """FC: what was consumed, less what is excluded and what is feedstock."""
    less = [name for name in ("excluded", "feedstock") if slot.row_of(name) is not None]
    if not less:
        return rounded(slot, slot.group.amount)
    # Rounded again, so that no difference of doubles is taken for an amount: 0.3 − 0.1 − 0.2 is nothing.
    return f"ROUND({'-'.join(rounded(slot, name) for name in (slot.group.amount, *less))},2)"


def _fuel(slot: Slot, lists: Lists, row: int, name: str, net: str) -> str:
    own, ncv = slot.row_of("ncv"), lists.fuel(name, FUEL_USED)
    if own is not None:
        states = f"AND(ISNUMBER({ref(own, VALUE)}),{lists.fuel(name, FUEL_FREE)}=1)"
        ncv = f"IF({states},{rounded(slot, 'ncv')},{ncv})"
    oxidised = f"*{lists.fuel(name, FUEL_OF)}/100" if slot.group.equation == "burnt" else ""
    leaves = slot.group.equation == "leaving"
    # Own fuel that is sold net is deducted, whatever way its amount is written.
    counted = less(row) if leaves else f"IF({net}>0,{more(row)},{less(row)})"
    return f"{'-' if leaves else ''}{net}*{counted}*{ncv}*{lists.fuel(name, FUEL_CC)}{oxidised}*44/12"


def guarded(amount: str, formula: str) -> str:
    """Nothing where no amount stands, nothing where the fuel isn't chosen yet."""
    return f"=IF({amount}=0,0,IFERROR(ROUND({formula},2),0))"


def summed(row: Row, layouts: Sequence[Layout]) -> str:
    """The formula of a row of the summary; each pattern is looked for on the sheets that have such rows."""
    if row.stated:
        return f"={_counted(row.total, layouts)}"
    whole = _whole(row, layouts)
    if row.over:
        output = _counted(row.over, layouts)
        return f"=IF({output}=0,0,ROUND(({whole})/{output},4))"
    return f"={whole}"


def _whole(row: Row, layouts: Sequence[Layout]) -> str:
    """The tonnes of a row, or of each of its parts, rounded where the platform rounds them."""
    if row.apart:
        return "+".join(_tonnes(_total((pattern,), layouts), row.places) for pattern in row.total)
    total = _total(row.total, layouts)
    if row.floored:
        total = f"{total}+MAX(0,{_total(row.floored, layouts)})"
    return _tonnes(total, row.places)


def _tonnes(total: str, places: int) -> str:
    """Lines of emissions have two decimals, and so has their exact sum: first it is freed of what doubles add to it, or a sum that ends
    in half a tonne might be rounded down."""
    exact = f"ROUND({total},2)"
    return exact if places == 2 else f"ROUND({exact},{places})"


def _total(patterns: tuple[str, ...], layouts: Sequence[Layout]) -> str:
    """The emissions of all rows that fit."""
    parts = [
        _of(layout, pattern, COMPUTED)
        for pattern in patterns
        for layout in layouts
        if any(key.startswith(pattern.removesuffix("*")) for key in layout.keys)
    ]
    return "+".join(parts) or "0"


def _counted(patterns: tuple[str, ...], layouts: Sequence[Layout]) -> str:
    """The outputs of all rows that fit, each as it counts: less what its meters cost, rounded as quantities are."""
    parts = [
        f"ROUND(ROUND({_of(layout, key, VALUE)},2)*(1-MIN({_of(layout, key, PENALTY)}/100,1)),2)"
        for pattern in patterns
        for layout in layouts
        for key in layout.keys
        if key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1]))
    ]
    return f"ROUND({'+'.join(parts)},2)" if len(parts) > 1 else "".join(parts) or "0"


def _of(layout: Layout, pattern: str, column: int) -> str:
    return f"SUMIF('{layout.sheet.name}'!{_down(KEY)},\"{pattern}\",'{layout.sheet.name}'!{_down(column)})"


def _down(column: int) -> str:
    return f"{ref(FIRST_ROW, column, fixed=True)}:{ref(1999, column, fixed=True)}"
