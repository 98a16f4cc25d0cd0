"""The summary sheet: sums of what stands beside the data, for the clerk's eyes. The reader never looks at it.

A row's `total` adds up the computed emissions (or, where `stated`, the values) of all keys that match its patterns; `over` divides
the total by the values that match another pattern. It is rounded where the platform rounds: parts of a total have two decimals, a
total whole tonnes, an intensity is whole tonnes by output.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reporting.content import MAIN_PROCESSES
from reporting.workbook.definition import Form, Words
from reporting.workbook.forms.steel import PROCESSES


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary; `floored`: not below zero; `line`: the number of the line it is about; `places`: decimals of its tonnes;
    `apart`: each pattern's sum is rounded by itself, before they are added up."""

    words: Words
    measure: str
    total: tuple[str, ...]
    stated: bool = False
    over: tuple[str, ...] = ()
    floored: tuple[str, ...] = ()
    line: int = 0
    places: int = 0
    apart: bool = False


def rows(form: Form, lines: int) -> Iterator[Row]:
    """The rows of a sector's summary."""
    if form.sector == "steel":
        yield from _steel()
    for line in range(1, lines + 1):
        if form.sector == "cement":
            yield from _cement(line)
        elif form.sector == "aluminium":
            yield from _aluminium(line)


CO2, CO2E = "tCO2", "tCO2e"
PART = 2  # decimals of what is a part of a total


def _steel() -> Iterator[Row]:
    enterprise = ("fuel.*", "carbonate*", "electrode*", "material*", "product*")
    labels = (
        Words("燃料净消耗", "Fuels, net"),
        Words("碳酸盐", "Carbonates"),
        Words("电极", "Electrodes"),
        Words("含碳原料", "Carbon materials"),
        Words("固碳产品（扣除）", "Products (deducted)"),
    )
    for words, pattern in zip(labels, enterprise, strict=True):
        yield Row(words, CO2, (pattern,), places=PART)
    yield Row(Words("企业碳排放量", "Enterprise emissions"), CO2, enterprise)
    for process in MAIN_PROCESSES:
        words = PROCESSES[process]
        yield Row(Words(f"{words.zh}碳排放量", words.en), CO2, (f"L1/{process}.*",))
    yield Row(Words("掺烧发电机组碳排放量", "Power units"), CO2, ("L1/power.*",))
    main = ("L1/ironmaking.*", "L1/sintering.*")
    yield Row(Words("炼铁＋烧结工序碳排放量", "Ironmaking and sintering"), CO2, main, apart=True)
    iron = ("L1/ironmaking.output/1/amount", "L1/ironmaking.other/*")
    yield Row(Words("炼铁工序产品产量", "Output of ironmaking"), "t", iron, stated=True)
    yield Row(Words("重点工序碳排放强度", "Intensity of the main processes"), "tCO2/t", main, over=iron, apart=True)
    yield Row(Words("粗钢产量", "Crude steel"), "t", ("product.made/1/amount",), stated=True)


def _cement(line: int) -> Iterator[Row]:
    fuel, clinker, alternative = (f"L{line}/{group}" for group in ("line_fuel.*", "clinker*", "alternative*"))
    yield Row(Words("化石燃料燃烧排放量", "Fuel burnt"), CO2, (fuel,), line=line, places=PART)
    process = Words("过程排放量", "Process")
    yield Row(process, CO2, (), floored=(clinker, alternative), line=line, places=PART)
    yield Row(Words("生产线碳排放量", "Line"), CO2, (fuel,), floored=(clinker, alternative), line=line)
    yield Row(Words("熟料产量", "Clinker"), "t", (clinker,), stated=True, line=line)
    words = Words("吨熟料碳排放量", "Intensity")
    yield Row(words, "tCO2/t", (fuel,), floored=(clinker, alternative), over=(clinker,), line=line)


def _aluminium(line: int) -> Iterator[Row]:
    anode, metal = (f"L{line}/electrolysis/1/{name}" for name in ("anode", "amount"))
    yield Row(Words("能源作为原材料用途的排放量", "Anode consumption"), CO2E, (anode,), line=line, places=PART)
    yield Row(Words("阳极效应排放量", "Anode effect"), CO2E, (metal,), line=line, places=PART)
    yield Row(Words("铝电解工序碳排放量", "Electrolysis process"), CO2E, (anode, metal), line=line)
    yield Row(Words("铝液产量", "Liquid aluminium"), "t", (metal,), stated=True, line=line)
    yield Row(Words("吨铝碳排放量", "Intensity"), "tCO2e/t", (anode, metal), over=(metal,), line=line)
