"""Units of measure are written one way each, whatever files, forms and stored rows call them."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from registry.values.measures import in_tonnes, measure
from registry.values.sectors import Sector
from reporting.accounting import items

BY_HAND = re.compile(r"tCO2|(?<![A-Za-z/_])t(?![A-Za-z_/])|(?<![A-Za-z])t/[adt]|/t(?![A-Za-z])")
# Signs that are written the same in every language stand for themselves.
COMPOUND = re.compile(r"(?:tCO₂e?|GJ|tC|kg)/t|tC/GJ|tCO₂e?")


def texts():
    path = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    for said in catalogue._catalog.values():  # type: ignore[attr-defined]
        yield re.sub(r"%\(\w+\)[sd]|<[^>]*>|&\w+;", "0", str(said))


@pytest.mark.parametrize(("language", "tonne", "some"), [("zh-hans", "吨", "1,234吨"), ("en", "t", "1,234 t")])
def test_in_both_languages(language, tonne, some):
    with override(language):
        assert measure("t") == tonne
        assert in_tonnes(1234) == some
        assert [measure(code) for code in ("tCO2", "tCO2e", "tCO2/t", "GJ/t")] == ["tCO₂", "tCO₂e", "tCO₂/t", "GJ/t"]


def test_no_chinese_text_has_another_sign_for_the_tonne():
    assert [
        text for text in texts() if BY_HAND.search(COMPOUND.sub("", text)) and not text.startswith("Content-")
    ] == []


def test_templates_leave_it_to_the_list():
    faults = [
        f"{path.name}: {found}"
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for text in re.split(
            r"{% blocktranslate.*?{% endblocktranslate %}", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for found in re.findall(r"tCO2|[%}]} t\b|\.measure }}", text)
    ]
    assert faults == []


def test_a_report_and_its_verification_write_the_items_measures_so():
    said = {measure(item.measure) for sector in Sector for item in items.of(sector)}
    assert said == {measure("t"), "tCO₂e", "tCO₂/t"}
