"""Letters and issue: tables, hashes, vintage → province → units, top-up and return through the ledger."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from allocation import ledger, runs
from allocation.ledger import Posting, accounts
from allocation.letters import acts as letters
from allocation.letters import issuance
from allocation.models import Account, Award, Entry, Holding, Letter, Run, Transaction
from registry import files
from registry.models import DirectoryEntry, Unit
from registry.refusal import Refusal
from registry.values.sectors import Sector, with_quota
from tests.allocation.conftest import APPROVED, ISSUED, LETTER
from tests.cast import at
from tests.database import without_triggers

DETERMINATION, PRE_ALLOCATION = Run.Kind.DETERMINATION, Run.Kind.PRE_ALLOCATION

# forms.md, word for word.
UNIT = "序号 | 重点排放单位名称 | 统一社会信用代码"
LAST_YEAR = "上一年度经核查排放量 | 预分配比例（%） | 预分配配额 | 需要特殊说明的事项"
HEADERS = {
    "1-2": f"{UNIT} | {LAST_YEAR}",
    "1-3": f"{UNIT} | 生产线编号 | {LAST_YEAR}",
    "1-4": f"{UNIT} | 工序编号 | {LAST_YEAR}",
    "1-5": f"{UNIT} | ①预分配配额 | ②配额调整（核减量） | ③预分配实发配额 | ④预分配配额发放后剩余待调整配额"
    " | 是否属于差异化情形暂不发放（是/否） | 差异化具体情况 | 需要特殊说明的事项",
    "2-2": f"{UNIT} | 炼铁工序生产能力（万t/年） | ①炼铁工序产品产量（t） | ②炼铁工序碳排放量 | ③烧结工序碳排放量"
    " | ④重点工序排放总量与炼铁工序产品产量的比值 | ⑤粗钢产量（t） | ⑥钢铁企业碳排放量 | ⑦碳排放强度偏离度（%）"
    " | ⑧钢铁行业平衡值 | ⑨碳排放强度系数 | ⑩核定配额 | ⑪应清缴配额 | 需要特殊说明的事项",
    "2-3": f"{UNIT} | 生产线编号 | 经核查的电石渣消耗量（t） | 电石渣的扣减系数 | ①熟料产量（t） | 熟料的过程排放因子"
    " | 电石渣替代率（%） | 熟料类别 | 熟料品种 | 批复的设计能力（t/d） | 化石燃料燃烧排放量 | 过程排放量"
    " | ②生产线碳排放量 | ③吨熟料碳排放量 | ④碳排放强度偏离度（%） | ⑤水泥行业平衡值 | ⑥碳排放强度系数"
    " | ⑦核定配额 | ⑧应清缴配额 | 需要特殊说明的事项",
    "2-4": f"{UNIT} | 工序编号 | 产能（t/年） | ①铝液产量（t） | ②能源作为原材料用途的排放量 | ③阳极效应排放量"
    " | ④吨铝碳排放量 | ⑤铝电解工序碳排放量 | ⑥碳排放强度偏离度（%） | ⑦铝冶炼行业平衡值 | ⑧碳排放强度系数"
    " | ⑨核定配额 | ⑩应清缴配额 | 需要特殊说明的事项",
    "2-5": f"{UNIT} | 预分配配额 | 核定配额 | ①多退少补配额 | ②退回已核减配额 | ③配额调整（核减量） | ④预分配实发配额"
    " | ⑤核定实发配额 | ⑥实发配额合计 | 应清缴配额 | ⑦核定配额发放后剩余待调整配额"
    " | 是否属于差异化情形暂不发放（是/否） | 差异化具体情况 | 需要特殊说明的事项",
}


def held(unit, vintage=2025):
    return Holding.objects.get(account__unit=unit, vintage=vintage).amount


def open_book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture
def three_sectors(steel, unit, make_line, list_in_directory, verify):
    """甲 also has a clinker line and an electrolysis process, verified for 2024 and 2025."""
    for sector in (Sector.CEMENT, Sector.ALUMINIUM):
        line = make_line(unit, sector, code="S1", variety="硅酸盐水泥熟料" if sector == Sector.CEMENT else "")
        list_in_directory(unit, 2025, sector)
        verify(line, 2024, 500_000, "500000", "600000", when=at("2025-08-20"))
        verify(line, 2025, 510_000, "510000", "600000")


# --- Letters


@pytest.mark.parametrize("kind", [PRE_ALLOCATION, DETERMINATION])
def test_the_workbook_has_the_official_headers(three_sectors, publish, approved, officer, hebei, kind):
    for sector in with_quota():
        if kind == DETERMINATION:
            publish(sector)
        approved(kind, sector=sector)
    letter = letters.write(hebei, 2025, kind, number="1号", by=officer, at=LETTER)
    book = open_book(letters.tables(letter))
    expected = [name for name in HEADERS if name.startswith("1" if kind == PRE_ALLOCATION else "2")]
    assert book.sheetnames == expected
    for page in book:
        assert " | ".join(cell.value for cell in page[2]) == HEADERS[page.title]
        assert page["A1"].value.startswith("河北省2025年度")
        assert page["A1"].value.endswith("明细表")
        assert page.cell(page.max_row, 2).value == "全省（区、市）合计"
        assert page.page_setup.orientation == "landscape"
        assert int(page.page_setup.paperSize) == 9  # A4
        assert page.print_title_rows == "$1:$2"
        assert page.oddFooter.left.text == "1号"
        assert page.oddFooter.center.text == "&P / &N"
        assert letter.runs.get(sector="steel").result_sha256[:12] in page.oddFooter.right.text


def test_the_tables_hold_the_awards_and_their_totals(steel, publish, approved, officer, hebei):
    publish()
    approved()
    letter = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    page = open_book(letters.tables(letter))["2-2"]
    # intensity 0.9; deviation −1/17 = −5.88 %; α = −3/340 = −0.008824; quota; due
    assert [cell.value for cell in page[3]][7:14] == [0.9, None, 1_000_000, -5.88, 0.85, -0.008824, 991_176]
    # 991,176 + 1,008,823 = 1,999,999; 2 × 1,000,000
    assert [cell.value for cell in page[5]][13:15] == [1_999_999, 2_000_000]
    assert page["N3"].number_format == "#,##0"
    by_unit = open_book(letters.tables(letter))["2-5"]
    # nothing in advance: ① = ⑤ = ⑥ = determined
    assert [cell.value for cell in by_unit[3]][3:11] == [0, 991_176, 991_176, 0, 0, 0, 991_176, 991_176]
    assert (letter.total, letter.to_return) == (1_999_999, 0)


def test_the_same_letter_has_the_same_bytes(steel, publish, approved, officer, hebei):
    publish()
    approved()
    first = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    letters.discard(first, reason="文号有误", by=officer, at=LETTER)
    second = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    assert first.tables_sha256 == second.tables_sha256


def test_a_line_without_a_verified_last_year_stands_with_zero(steel, make_line, approved, officer, hebei):
    make_line(steel[0].unit, code="L2", commissioned=steel[0].commissioned)
    approved(PRE_ALLOCATION)
    letter = letters.write(hebei, 2025, PRE_ALLOCATION, number="1号", by=officer, at=LETTER)
    page = open_book(letters.tables(letter))["1-2"]
    assert [cell.value for cell in page[4]][3:] == [0, 0, 0, "无上一年度经核查排放量，预分配配额为0"]
    # floor(0.7 × 1,000,001) + floor(0.7 × 800,000) = 700,000 + 560,000
    assert page["F6"].value == 1_260_000


def test_a_line_that_is_not_determined_stands_with_the_reason(
    steel, make_line, publish, approved, officer, hebei, unit, make_unit, verify
):
    make_line(unit, code="L2", commissioned=steel[0].commissioned)
    stranger = make_line(make_unit(name="丙示例钢铁有限公司"), code="L1", capacity=Decimal("120.5"))
    verify(stranger, 2025, 300_000, "1", "1")
    publish()
    run = approved()
    letter = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    page = open_book(letters.tables(letter))["2-2"]
    rows = {tuple(cell.value for cell in row[1:3]): row for row in page.iter_rows(min_row=3, max_row=6)}
    assert len(rows) == 3  # 甲 twice
    by_remark = {row[-1].value: row for row in page.iter_rows(min_row=3, max_row=6) if row[-1].value}
    waiting = by_remark["尚无本年度经核查结果，暂不核定配额"]
    unlisted = by_remark["未列入本年度重点排放单位名录，不核定配额"]
    assert waiting[1].value == unit.name
    assert (unlisted[1].value, unlisted[3].value) == ("丙示例钢铁有限公司", 120.5)
    # from ① to ⑪ nothing is claimed of them, not even a zero
    assert {cell.value for row in (waiting, unlisted) for cell in row[4:-1]} == {None}
    # 991,176 + 1,008,823; 2 × 1,000,000, as without them
    assert [cell.value for cell in page[7]][13:15] == [1_999_999, 2_000_000]
    assert [row[0].value for row in page.iter_rows(min_row=3, max_row=6)] == [1, 2, 3, 4]
    assert letter.total == sum(run.settlements.values_list("issued_now", flat=True)) == 1_999_999


@pytest.mark.parametrize(("sector", "sheet"), [(Sector.CEMENT, "2-3"), (Sector.ALUMINIUM, "2-4")])
def test_so_it_does_in_the_other_sectors(
    three_sectors, make_line, publish, approved, officer, hebei, unit, client_for, sector, sheet
):
    late = make_line(unit, sector, code="S9", variety="硅酸盐水泥熟料" if sector == Sector.CEMENT else "")
    publish(sector)
    approved(sector=sector)
    letter = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    page = open_book(letters.tables(letter))[sheet]
    named = {column.value: cell.value for column, cell in zip(page[2], page[4], strict=True)}
    filled = {name: value for name, value in named.items() if value is not None}
    capacity = "批复的设计能力（t/d）" if sector == Sector.CEMENT else "产能（t/年）"
    expected = {
        "序号": 2,
        "重点排放单位名称": unit.name,
        "统一社会信用代码": unit.credit_code,
        "生产线编号" if sector == Sector.CEMENT else "工序编号": "S9",
        capacity: late.capacity,
        "需要特殊说明的事项": "尚无本年度经核查结果，暂不核定配额",
    }
    assert filled == expected | ({"熟料品种": "硅酸盐水泥熟料"} if sector == Sector.CEMENT else {})
    shown = client_for(officer).get(reverse("allocation:letter", args=[letter.pk])).content.decode()
    assert "尚无本年度经核查结果，暂不核定配额" in shown


def test_names_that_begin_like_formulas_stay_text(steel, unit, publish, approved, officer, hebei):
    Unit.objects.filter(pk=unit.pk).update(name="=HYPERLINK(1)")
    publish()
    approved()
    letter = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    page = open_book(letters.tables(letter))["2-2"]
    assert (page["B3"].value, page["B3"].data_type) == ("=HYPERLINK(1)", "s")
    assert page["N3"].data_type == "n"


def test_no_letter_without_an_approved_run(steel, publish, prepared, officer, hebei):
    publish()
    prepared()
    with pytest.raises(Refusal):
        letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)


def test_a_run_is_in_one_letter(steel, publish, approved, sent, officer, hebei):
    publish()
    approved()
    sent()
    with pytest.raises(Refusal):
        letters.write(hebei, 2025, DETERMINATION, number="2号", by=officer, at=LETTER)


# --- Issue


def test_a_run_approved_while_a_letter_waits_for_its_lock_stands_in_it(
    three_sectors, publish, approved, officer, hebei, monkeypatch
):
    publish()
    publish(Sector.CEMENT)
    first, real, late = approved(), letters._enclosed, []

    def enclosed(*args):
        found = real(*args)
        if not late:
            late.append(approved(sector=Sector.CEMENT))
        return found

    monkeypatch.setattr(letters, "_enclosed", enclosed)
    letter = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    assert set(letter.runs.all()) == {first, *late}
    assert open_book(letters.tables(letter)).sheetnames == ["2-2", "2-3", "2-5"]
    issued = [row.issued_now for run in letter.runs.all() for row in run.settlements.all()]
    assert letter.total == sum(issued)


def test_issue_credits_province_then_units(steel, publish, issued, hebei):
    publish()
    letter = issued()
    assert [held(line.unit) for line in steel] == [991_176, 1_008_823]
    assert Holding.objects.get(account=accounts.of_authority(hebei, ISSUED)).amount == 0
    assert Holding.objects.get(account=accounts.source(ISSUED)).amount == -1_999_999
    assert list(letter.transactions.order_by("pk").values_list("kind", flat=True)) == ["creation", "issue"]
    assert accounts.disagreements() == []


def test_top_up_after_an_advance(steel, publish, issued, hebei):
    publish()
    issued(PRE_ALLOCATION)
    assert [held(line.unit) for line in steel] == [700_000, 560_000]
    letter = issued()
    assert [held(line.unit) for line in steel] == [991_176, 1_008_823]
    # 991,176 − 700,000 + 1,008,823 − 560,000 = 739,999
    assert letter.total == 739_999


@pytest.fixture
def shrunk(steel, verify, publish, issued):
    """甲 got 700,000 t in advance for 2025, but emitted 600,000 t at an intensity of 0.85; 乙 1,000,000 t at 0.85: A = E for both."""
    for line, emissions in zip(steel, (600_000, 1_000_000), strict=True):
        verify(line, 2025, emissions, "850000", "1000000", when=at("2026-07-20"))
    publish()
    issued(PRE_ALLOCATION)


def test_what_was_too_much_goes_back(shrunk, issued, steel, hebei):
    letter = issued()
    # 700,000 − 600,000 = 100,000 back; 1,000,000 − 560,000 = 440,000 issued
    assert (letter.total, letter.to_return) == (440_000, 100_000)
    assert held(steel[0].unit) == 600_000
    assert Holding.objects.get(account=accounts.of_authority(hebei, ISSUED)).amount == 100_000
    assert issuance.owed(letter) == {}


def test_what_a_unit_no_longer_holds_stays_owed(shrunk, approved, sent, steel, registrar_operator, registrar_approver):
    mine, theirs = (accounts.of_unit(line.unit, ISSUED) for line in steel)
    sell = [Posting(mine, 2025, -650_000), Posting(theirs, 2025, 650_000)]
    ledger.post(Transaction.Kind.TRADE, "sold", sell, at=ISSUED, by=None)
    approved()
    letter = issuance.prepare(sent(), by=registrar_operator, at=ISSUED)
    letter = issuance.execute(letter, by=registrar_approver, at=ISSUED)
    # it held 700,000 − 650,000 = 50,000 of the 100,000 to return
    assert held(steel[0].unit) == 0
    assert issuance.owed(letter) == {steel[0].unit_id: 50_000}
    with pytest.raises(Refusal):
        issuance.collect(letter, by=registrar_approver, at=ISSUED)
    buy = [Posting(theirs, 2025, -80_000), Posting(mine, 2025, 80_000)]
    ledger.post(Transaction.Kind.TRADE, "bought", buy, at=ISSUED, by=None)
    assert issuance.collect(letter, by=registrar_approver, at=ISSUED) == 50_000
    assert (issuance.owed(letter), held(steel[0].unit)) == ({}, 30_000)


def test_a_unit_that_left_the_directory_hands_its_advance_back(steel, publish, issued, unit, hebei):
    issued(PRE_ALLOCATION)
    assert held(unit) == 700_000  # floor(0.70 × 1,000,001)
    DirectoryEntry.objects.filter(unit=unit, year=2025).update(
        state=DirectoryEntry.State.LEFT, left_on="2026-06-01", exit_ground="closed", exit_reason="dismantled"
    )
    publish()
    letter = issued()
    settled = letter.runs.get().settlements.get(unit=unit)
    assert (settled.determined, settled.top_up, settled.issued_now, settled.due) == (0, -700_000, -700_000, 0)
    assert held(unit) == 0


def test_a_unit_that_waits_for_its_result_keeps_its_advance(
    steel, publish, issued, make_unit, make_line, list_in_directory, verify
):
    late = make_unit(Sector.STEEL, name="丁示例钢铁有限公司")
    list_in_directory(late, 2025)
    verify(make_line(late), 2024, 100_000, "1", "1", when=at("2025-08-20"))
    issued(PRE_ALLOCATION)
    publish()
    run = issued().runs.get()
    assert not run.settlements.filter(unit=late).exists()
    assert run.left_out.get().unit == late
    assert held(late) == 70_000  # 0.70 × 100,000, untouched


def test_a_line_that_waits_for_its_result_keeps_its_advance(steel, publish, issued, unit, make_line, verify):
    verify(make_line(unit, code="L2"), 2024, 100_000, "1", "1", when=at("2025-08-20"))
    issued(PRE_ALLOCATION)
    assert held(unit) == 770_000  # floor(0.70 × 1,000,001) + 0.70 × 100,000
    publish()
    run = issued().runs.get()
    settled = run.settlements.get(unit=unit)
    # L1 alone: 991,176 − 700,000 = 291,176; L2's 70,000 stay out of it
    assert (settled.pre_allocated, settled.determined, settled.issued_now) == (700_000, 991_176, 291_176)
    assert held(unit) == 770_000 + 291_176
    assert run.left_out.get().line.code == "L2"


def test_whoever_prepared_cannot_execute(
    steel, publish, approved, sent, registrar_operator, registrar_approver, reseated
):
    publish()
    approved()
    letter = issuance.prepare(sent(), by=registrar_operator, at=ISSUED)
    with pytest.raises(Refusal):
        issuance.execute(letter, by=reseated(registrar_operator, registrar_approver), at=ISSUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(executed_by=registrar_operator)


def test_issue_happens_once(steel, publish, issued, registrar_approver):
    publish()
    letter = issued()
    with pytest.raises(Refusal):
        issuance.execute(letter, by=registrar_approver, at=ISSUED)
    assert Entry.objects.filter(transaction__letter=letter).count() == 6  # source, province; province and unit, twice


def test_a_changed_award_is_not_issued(steel, publish, approved, sent, registrar_operator, registrar_approver):
    publish()
    run = approved()
    letter = issuance.prepare(sent(), by=registrar_operator, at=ISSUED)
    with without_triggers(connection):
        Award.objects.filter(run=run, unit=steel[0].unit).update(quota=991_177)
    assert runs.tampered(run)
    with pytest.raises(Refusal):
        issuance.execute(letter, by=registrar_approver, at=ISSUED)
    assert not Holding.objects.exists()


def test_a_changed_manifest_is_not_issued(steel, publish, approved, sent, registrar_operator):
    publish()
    run = approved()
    letter = sent()
    with without_triggers(connection):
        Run.objects.filter(pk=run.pk).update(manifest=run.manifest.replace(":1000000,", ":1000001,", 1))
    with pytest.raises(Refusal):
        issuance.prepare(letter, by=registrar_operator, at=ISSUED)


def test_lost_tables_are_not_issued(steel, publish, approved, sent, registrar_operator, monkeypatch):
    publish()
    approved()
    letter = sent()

    def lost(digest):
        raise files.DamagedFileError(digest)

    monkeypatch.setattr(files, "read", lost)
    with pytest.raises(Refusal):
        issuance.prepare(letter, by=registrar_operator, at=ISSUED)


MOVES = {
    "send": lambda letter, people: letters.send(letter, by=people[0], at=LETTER),
    "discard": lambda letter, people: letters.discard(letter, reason="x", by=people[0], at=LETTER),
    "prepare": lambda letter, people: issuance.prepare(letter, by=people[1], at=ISSUED),
    "execute": lambda letter, people: issuance.execute(letter, by=people[2], at=ISSUED),
}
ALLOWED = {("drafted", "send"), ("drafted", "discard"), ("sent", "prepare"), ("prepared", "execute")}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", Letter.State.values)
def test_every_move_from_every_state(
    steel, publish, approved, hebei, officer, registrar_operator, registrar_approver, analyst, state, move
):
    publish()
    approved()
    letter = letters.write(hebei, 2025, DETERMINATION, number="1号", by=officer, at=LETTER)
    fields = {"prepared_by": registrar_operator, "executed_by": analyst, "executed_at": APPROVED}
    Letter.objects.filter(pk=letter.pk).update(state=state, **(fields if state in ("prepared", "executed") else {}))
    people = (officer, registrar_operator, registrar_approver)
    if (state, move) in ALLOWED:
        MOVES[move](letter, people)
    else:
        with pytest.raises(Refusal):
            MOVES[move](letter, people)


def test_a_frozen_account_hands_nothing_back_and_stops_nobody_else(noticed, unit, rival_unit, registrar_approver):
    owing = {unit.pk: 100, rival_unit.pk: 200}
    taken = {account.unit_id: amount for account, amount in issuance._takings(owing, 2025)}
    assert taken == owing
    accounts.freeze(Account.objects.get(unit=unit), reason="court", by=registrar_approver, at=ISSUED)
    assert {account.unit_id: amount for account, amount in issuance._takings(owing, 2025)} == {rival_unit.pk: 200}


def test_a_number_used_before_is_told_beside_it(steel, publish, approved, sent, officer, client_for):
    publish()
    approved(Run.Kind.DETERMINATION)
    taken = sent(number="1号").number
    form = {"kind": "determination", "year": "2025", "number": taken}
    answer = client_for(officer, "en").post(reverse("allocation:letter_write"), form)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"number": [f"Another letter has the number {taken}."]}
    assert answer.context["form"]["year"].value() == "2025"
