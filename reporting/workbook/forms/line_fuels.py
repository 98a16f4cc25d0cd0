"""The groups of fuels that are burnt in the lines: the works' ledger, and what went into each line."""

from collections.abc import Mapping

from reporting.guidelines import GAS, LIQUID, SOLID, Guideline
from reporting.workbook.definition import Group, Words
from reporting.workbook.forms.fields import CUBIC_METRES, TONNES, calorific, fuel_items, ledger, quantity

OF_STATE = {
    SOLID: (Words("固体燃料", "solid fuels"), TONNES),
    LIQUID: (Words("液体燃料", "liquid fuels"), TONNES),
    GAS: (Words("气体燃料", "gases"), CUBIC_METRES),
}

Offered = Mapping[str, tuple[int, tuple[str, ...]]]
"""Of each state how many slots the form has, and the fuels that stand in them beforehand."""


def ledgers(guideline: Guideline, offered: Offered) -> tuple[Group, ...]:
    """What the works had in stock, bought, sold and consumed."""
    return tuple(
        Group(
            key=f"fuel.{state}",
            table="fuel",
            words=Words(f"全厂台账：{words.zh}", f"Ledger of the works: {words.en}"),
            fields=ledger(guideline, measure),
            items=fuel_items(guideline, state),
            presets=presets,
            slots=slots,
        )
        for state, (slots, presets) in offered.items()
        for words, measure in [OF_STATE[state]]
    )


def into_the_line(guideline: Guideline, offered: Offered) -> tuple[Group, ...]:
    """What each line burnt."""
    return tuple(
        Group(
            key=f"line_fuel.{state}",
            table="line_fuel",
            words=Words(f"入窑{words.zh}", f"Into the line: {words.en}"),
            fields=(quantity(guideline, "amount", "消耗量", "Consumed", measure), calorific(guideline, measure)),
            items=fuel_items(guideline, state),
            presets=presets,
            slots=slots,
            equation="burnt",
        )
        for state, (slots, presets) in offered.items()
        for words, measure in [OF_STATE[state]]
    )
