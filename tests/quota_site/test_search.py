"""The search of every page: what was typed is read plainly, things are found by what people know of them, and only by who may see them."""

import pytest

from registry.models import Line, Unit
from registry.web import search as searching
from registry.web.search import units
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.access_world import SURRENDERED


def kinds(result) -> dict[str, int]:
    """How many were found of each kind."""
    return {str(each.kind): each.count for each in result.found}


def titles(person, typed: str) -> list[str]:
    """Everything that a person is shown for what they typed."""
    return [hit.title for each in searching.search(person, typed, SURRENDERED).found for hit in each.hits]


# --- what was typed


@pytest.mark.parametrize(
    ("typed", "words", "period"),
    [
        ("枫溪 2025-09", ("枫溪",), "2025-09"),
        ("2025年9月 枫溪", ("枫溪",), "2025-09"),
        ("枫溪 202509", ("枫溪",), "2025-09"),
        ("枫溪 2025/09 钢铁", ("枫溪", "钢铁"), "2025-09"),
        ("枫溪 2025", ("枫溪",), "2025"),
        ("枫溪 2025年度", ("枫溪",), "2025"),
        ("枫溪 2025-13", ("枫溪", "2025-13"), ""),
        ("１２３　ＡＢ", ("123", "AB"), ""),  # as a Chinese keyboard has them
        ("“枫溪”, (钢铁)", ("枫溪", "钢铁"), ""),
        ("a\x00b\u200b\r\nc", ("a", "b", "c"), ""),
        ("枫溪 AND 钢铁 OR *", ("枫溪", "AND", "钢铁", "OR", "*"), ""),  # there are no operators
        ("   ", (), ""),
    ],
)
def test_what_was_typed_is_read(typed, words, period):
    term = searching.read(typed)
    assert (term.words, term.period) == (words, period)


def test_what_is_too_long_is_cut_and_told():
    assert not searching.read("钢" * 80).was_cut
    term = searching.read("钢" * 81)
    assert (len(term.text), term.was_cut) == (80, True)
    assert len(searching.read("\ufdfa" * 100_000).text) == 80  # one character that stands for eighteen


@pytest.mark.parametrize(("typed", "key"), [("123", 123), ("1" * 19, None), ("-1", None), ("१२", None), ("1.5", None)])
def test_only_a_number_is_a_key(typed, key):
    assert searching.read(typed).key == key


NASTY = [
    *("'; DROP TABLE registry_unit; --", '" OR 1=1 --', "%", "%%", "__", "\\", "\\%", "😀😀", "\x00\x01", "钢\ud800铁"),
    *(
        "9" * 18,
        "9" * 19,
        "9" * 300,
        "a" * 10_000,
        "<script>alert(1)</script>",
        "𠮷野",
        "٣٣٣",
        "NULL",
        "{{ 7*7 }}",
        "+ - &&",
    ),
]


@pytest.mark.parametrize("typed", NASTY)
def test_bad_input_is_answered_plainly(auditor, unit, client_for, typed):
    page = client_for(auditor).get("/search/", {"q": typed.encode("utf-8", "surrogatepass")})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert unit.name not in page.content.decode()


# --- what is found


@pytest.fixture
def fengxi(make_unit):
    return make_unit(name="枫溪绿源钢铁有限公司", number=77, city="枫溪市")


@pytest.mark.parametrize(
    "typed",
    [
        *("枫溪", "绿源", "枫溪 钢铁", "钢铁 枫溪", "fengxi", "FENGXI", "lvyuan", "lüyuan", "fxly", "FXLYGT", "lygt"),
        *("91130000000000077", "9113000000000", "枫溪市", "fengxi 钢铁"),
    ],
)
def test_a_unit_is_found_by_what_people_know_of_it(auditor, fengxi, make_unit, typed):
    make_unit(name="柳河水泥有限公司", number=900, authority="370000")
    assert titles(auditor, typed)[0] == fengxi.name


def test_signs_of_a_pattern_are_letters_like_others(auditor, fengxi):
    for typed in ("枫%钢", "枫_绿", "f_ngxi", "%%"):
        assert titles(auditor, typed) == []


def test_whose_name_begins_so_comes_before_who_has_it_somewhere(auditor, make_unit):
    for number, name in enumerate(["甲枫溪厂", "枫溪厂", "枫溪"], start=1):
        make_unit(name=name, number=number)
    assert titles(auditor, "枫溪") == ["枫溪", "枫溪厂", "甲枫溪厂"]


def test_the_one_that_was_named_exactly_stands_first(auditor, fengxi, make_unit):
    make_unit(name="枫溪绿源钢铁有限公司二厂", number=78)
    assert searching.search(auditor, fengxi.name, SURRENDERED).exact.title == fengxi.name
    assert searching.search(auditor, fengxi.credit_code.lower(), SURRENDERED).exact.title == fengxi.name
    assert searching.search(auditor, "枫溪", SURRENDERED).exact is None


@pytest.fixture
def numbers(world) -> dict[str, str]:
    """What 甲's things are looked for by, and what of them is found first."""
    return {
        world.unit.credit_code: world.unit.name,
        world.letter.number: world.letter.number,
        world.notice.number: world.notice.number,
        world.certificate.number: world.certificate.number,
        world.adjustment.number: world.adjustment.number,
    }


def test_every_kind_of_thing_is_found(world, auditor, numbers):
    for typed, title in numbers.items():
        assert searching.search(auditor, typed, SURRENDERED).exact.title == title
    by_unit = kinds(searching.search(auditor, "甲示例", SURRENDERED))
    # People by their own names only: those of a unit stand on its page.
    assert {"重点排放单位", "月度存证", "年度排放报告", "履约通知书", "履约证明"} <= set(by_unit)
    in_a_month = kinds(searching.search(auditor, "甲示例 2025-09", SURRENDERED))
    assert in_a_month["月度存证"] == 1
    assert in_a_month["回执"] == 1
    assert kinds(searching.search(auditor, "甲企业经办人", SURRENDERED)) == {"人员": 1}
    assert kinds(searching.search(auditor, "河北 2025", SURRENDERED))["配额核算批次"] >= 1
    traded = kinds(searching.search(auditor, "T1", SURRENDERED))
    assert traded["账户变动"] == 1
    moved = searching.search(auditor, str(world.transaction.pk), SURRENDERED)
    assert str(world.transaction) in [hit.title for each in moved.found for hit in each.hits]


def test_a_stranger_finds_nothing_of_anothers(world, numbers, askers):
    looked_for = [*numbers, "甲示例", "jiashili", "甲示例 2025-09", "甲企业经办人", "T1"]
    for asker in askers:
        urls = {
            hit.url
            for typed in looked_for
            for each in searching.search(asker.person, typed, SURRENDERED).found
            for hit in each.hits
        }
        assert bool(urls) is asker.is_near or asker.name == "rival_clerk", asker.name
        if asker.name == "rival_clerk":  # the trade is as much theirs
            assert [url for url in urls if "transactions" not in url] == []


def test_whatever_is_found_can_be_opened(world, numbers, askers, client_for):
    looked_for = [*numbers, "甲示例", "甲示例 2025-09", "河北", str(world.transaction.pk), str(world.package.pk), "T1"]
    for asker in askers:
        browser = client_for(asker.person)
        found = [each for typed in looked_for for each in searching.search(asker.person, typed, SURRENDERED).found]
        urls = {hit.url for each in found for hit in each.hits} | {each.url for each in found if each.url}
        urls = {url for url in urls if "/registry/units/?" not in url}
        assert {url: browser.get(url).status_code for url in urls} == dict.fromkeys(urls, 200), asker.name


def test_a_mandate_lets_the_months_be_found_and_nothing_else(world, rival_clerk, hold_mandate):
    hold_mandate(may_submit=False)
    assert set(kinds(searching.search(rival_clerk, "甲示例", SURRENDERED))) == {"月度存证"}


def test_the_own_months_need_no_name(world, clerk, auditor):
    assert kinds(searching.search(clerk, "2025-09", SURRENDERED)) == {"月度存证": 1, "回执": 1}
    assert kinds(searching.search(auditor, "2025-09", SURRENDERED)) == {}


def test_words_that_fit_too_many_units_say_so(auditor, make_unit, client_for, monkeypatch):
    monkeypatch.setattr(units, "MOST", 2)
    for number in (1, 2, 3):
        make_unit(number=number)
    result = searching.search(auditor, "示例企业", SURRENDERED)
    assert result.is_broad
    assert kinds(result) == {"重点排放单位": 3}
    assert "符合条件的单位过多" in client_for(auditor).get("/search/", {"q": "示例企业"}).content.decode()


# --- the page


def test_the_page_says_how_many_of_each_and_leads_to_the_list(auditor, make_unit, client_for):
    for number in range(1, 8):
        make_unit(number=number)
    page = client_for(auditor).get("/search/", {"q": "示例企业"}).content.decode()
    assert '重点排放单位 <span class="muted">7</span>' in page
    assert page.count('<li><a href="/registry/units/') == 5 + 1  # and the navigation's own
    assert '/registry/units/?q=%E7%A4%BA%E4%BE%8B%E4%BC%81%E4%B8%9A"' in page
    assert 'value="示例企业"' in page


def test_the_page_without_a_term_says_what_can_be_searched(auditor, client_for):
    assert "可搜索的内容" in client_for(auditor).get("/search/").content.decode()
    assert "请至少输入2个字符" in client_for(auditor).get("/search/?q=%E9%92%A2").content.decode()
    assert "未找到相关内容" in client_for(auditor).get("/search/?q=nobody-has-this").content.decode()
    assert "最多80个字符" in client_for(auditor).get("/search/", {"q": "钢" * 81}).content.decode()


def test_a_search_costs_the_same_however_much_is_found(world, auditor, make_unit, django_assert_num_queries):
    for number in range(1, 30):
        make_unit(number=number, name=f"乙辰{number}号有限公司")
    for typed, pinned in {"乙辰": 12, "乙辰1号": 12, "甲示例 2025-09": 12, "12345": 12}.items():
        with django_assert_num_queries(pinned):
            searching.search(auditor, typed, SURRENDERED)
    assert Unit.objects.filter(initials__startswith="yc").count() == 29


def test_lists_are_narrowed_as_the_search_finds(auditor, fengxi, make_unit, client_for):
    make_unit(name="柳河水泥有限公司", number=900)
    for typed in ("fxly", "fengxi", "枫溪 钢铁"):
        page = client_for(auditor).get("/registry/units/", {"q": typed}).content.decode()
        assert fengxi.name in page
        assert "柳河水泥有限公司" not in page


@pytest.mark.parametrize("code", ["lines", "people"])
def test_a_kind_without_a_list_of_its_own_shows_all_of_it(auditor, make_unit, make_line, make_person, client_for, code):
    unit = make_unit("steel", name="枫溪示例钢铁有限公司")
    for number in range(30):
        make_line(unit, code=f"Z{number:02}")
        make_person("unit_clerk", f"枫溪{number:02}", unit=unit)
    browser = client_for(auditor, "en")
    typed = {"lines": "枫溪示例 生产线", "people": "枫溪"}[code]
    if code == "lines":
        Line.objects.filter(unit=unit).update(name="生产线")
    first = browser.get("/search/", {"q": typed})
    found = {each.code: each for each in first.context["result"].found}[code]
    assert (found.count, len(found.hits)) == (30, 5)
    assert "Show all 30" in first.content.decode()
    assert f"kind={code}" in first.content.decode()
    pages = [browser.get("/search/", {"q": typed, "kind": code, "page": number}) for number in (1, 2)]
    shown = [hit.title for page in pages for hit in map(page.context["kind"].hit, page.context["page"])]
    assert (len(shown), len(set(shown))) == (30, 30)


def test_no_such_kind_is_the_whole_search(auditor, fengxi, client_for):
    for code in ("", "nothing", "search"):
        assert client_for(auditor).get("/search/", {"q": "枫溪", "kind": code}).context["result"].count >= 1


def test_a_kind_is_shown_only_as_far_as_its_reader_sees(world, numbers, askers, client_for):
    for asker in askers:
        for typed in numbers:
            for each in searching.search(asker.person, typed, SURRENDERED).found:
                alone = searching.all_of(asker.person, typed, each.code, SURRENDERED)
                assert (alone.count, list(alone.rows[:5])) == (each.count, list(each.rows[:5]))
