"""A workbook read without anything of ours: what stands in each cell, as text. For tests to compare with."""

import posixpath
import zipfile
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

Cells = dict[str, str | Decimal]


def plain(data: bytes) -> dict[str, Cells]:
    """By sheet name the cells in which something stands, by reference; numbers as the decimals that their texts spell.

    Of a formula without a result, the formula.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    relations = _parsed(parts["xl/_rels/workbook.xml.rels"])
    targets = {each.get("Id"): posixpath.join("/xl", each.get("Target", ""))[1:] for each in relations}
    shared = [_words(each) for each in _parsed(parts.get("xl/sharedStrings.xml", b"<sst/>"))]
    found = {}
    for sheet in _below(_parsed(parts["xl/workbook.xml"]), "sheet"):
        identifier = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
        found[sheet.get("name", "")] = _cells(_parsed(parts[targets[identifier]]), shared)
    return found


def _parsed(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314 what the tests themselves have made


def _cells(sheet: ElementTree.Element, shared: list[str]) -> Cells:
    found: Cells = {}
    for cell in _below(sheet, "c"):
        text = next((each.text or "" for each in cell if _name(each) == "v"), "")
        kind = cell.get("t", "n")
        if kind == "s":
            found[cell.get("r", "")] = shared[int(text)]
        elif kind == "inlineStr":
            found[cell.get("r", "")] = _words(cell)
        elif kind == "n" and text.strip():
            found[cell.get("r", "")] = Decimal(text)
        elif text.strip():
            found[cell.get("r", "")] = text
        elif kind != "str" and (formula := next((each for each in cell if _name(each) == "f"), None)) is not None:
            found[cell.get("r", "")] = f"={formula.text or ''}"
    return {reference: value for reference, value in found.items() if value != ""}


def _words(element: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in _below(element, "t"))


def _below(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in element.iter() if _name(each) == name]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
