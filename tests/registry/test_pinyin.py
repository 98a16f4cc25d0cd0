"""Names as they are typed on a Latin keyboard, and that every row which has a name has them."""

import subprocess
import sys

import pytest

from registry.models import Person, Unit
from registry.values import pinyin


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("枫溪钢铁有限公司", "fengxigangtieyouxiangongsi", "fxgtyxgs"),
        ("重庆长寿铝业", "chongqingchangshoulvye", "cqcsly"),  # ü is v, and 重 is not zhong here
        ("枫溪水泥（集团）A2-b厂", "fengxishuinijituana2bchang", "fxsnjta2bc"),
        ("什邡单县", "shifangshanxian", "sfsx"),  # as it is said there, not as the characters are said elsewhere
        ("ACME Steel", "acmesteel", "acmesteel"),
        ("", "", ""),
    ],
)
def test_a_name_as_it_is_typed(name, full, initials):
    assert pinyin.full(name) == full
    assert pinyin.initials(name) == initials


def test_the_dictionaries_wait_for_the_first_name():
    said = "import sys, registry.values.pinyin; print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_every_way_to_write_a_row_spells_its_name(make_unit, make_person):
    unit = make_unit(name="枫溪钢铁")
    assert (unit.pinyin, unit.initials) == ("fengxigangtie", "fxgt")
    fields = {"authority": unit.authority, "name": "柳河水泥"}
    Unit.objects.bulk_create([Unit(credit_code="9" * 18, **fields)])
    assert Unit.objects.get(credit_code="9" * 18).initials == "lhsn"
    assert Person.objects.get(pk=make_person("auditor", "王敏").pk).pinyin == "wangmin"
