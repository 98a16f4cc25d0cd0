"""Seats from a table: one row a person; every fault at once, by row and column."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from registry.files import tables
from registry.files.tables import Column, Fault, Judge, UnreadableTableError, cells, choice
from registry.models import Authority, Person, Unit, VerifierBody
from registry.people.seats import Seat, against, against_place
from registry.permissions.roles import NATIONAL_ROLES, PROVINCIAL_ROLES, UNIT_ROLES, Role

__all__ = ["BY_CODE", "SeatFaultsError", "places", "read", "write_template"]

BY_CODE: Mapping[str, Column] = {
    column.code: column
    for column in (
        Column("username", gettext_lazy("User name"), ("登录名", "用户名", "账号")),
        Column("name", gettext_lazy("Name"), ("姓名",)),
        Column("role", gettext_lazy("Role"), ("角色", "岗位")),
        Column("place", gettext_lazy("Unit, authority or body"), ("所属单位", "单位", "统一社会信用代码")),
        Column("email", gettext_lazy("E-mail"), ("电子邮箱", "邮箱"), may_lack=True),
    )
}
_ROWS = 500


class SeatFaultsError(ValueError):
    """The table can't be taken; `faults` are all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def read(data: bytes) -> list[Seat]:
    """The seats that the table's rows name; raises SeatFaultsError."""
    try:
        table = tables.read(data, tuple(BY_CODE.values()))
    except UnreadableTableError as error:
        raise SeatFaultsError([Fault(error.row, "", error.message)]) from error
    reader, seats, faults = _Reader(), [], []
    for line in table.lines:
        judge = Judge(line, BY_CODE)
        seat = reader.seat(judge)
        if seat is not None:
            seats.append(seat)
        faults += judge.faults
    if not table.lines:
        faults.append(Fault(0, "", _("The table has no row below its header.")))
    if faults:
        raise SeatFaultsError(faults)
    return seats


class _Reader:
    def __init__(self) -> None:
        self._authorities = list(Authority.objects.all())
        self._seen: dict[str, int] = {}

    def seat(self, judge: Judge) -> Seat | None:
        username = judge.read("username", lambda text: cells.words(cells.code(text), _longest("username")))
        name = judge.read("name", lambda text: cells.words(text, _longest("name")))
        role = judge.read("role", lambda text: choice(text, Role.choices))
        email = judge.read("email", lambda text: cells.words(text, _longest("email")), needed=False)
        place = judge.text("place")
        if not (username and name and role):
            return None
        if username in self._seen:
            said = {"other": self._seen[username]}
            judge.fault("username", _("the same user name appears in row %(other)d") % said)
        self._seen.setdefault(username, judge.line.number)
        found = self._place(role, place, judge)
        if judge.faults:
            return None
        seat = Seat(username, name, role, **found, email=email or "")
        if why := against_place(seat):
            judge.fault("place", why)
        elif why := against(seat):
            judge.fault("username", why)
        return None if judge.faults else seat

    def _place(self, role: str, text: str, judge: Judge) -> dict[str, Any]:
        if not text or role in NATIONAL_ROLES:
            if text:
                judge.fault("place", _("this role is for the whole country: leave it empty"))
            return {}
        if role in UNIT_ROLES:
            if unit := Unit.objects.filter(credit_code=text.upper()).first():
                return {"unit": unit}
            judge.fault("place", _("there is no unit with the credit code “%(text)s”") % {"text": text})
        elif role in PROVINCIAL_ROLES:
            return self._authority(text, judge)
        elif body := VerifierBody.objects.filter(code=text).first():
            return {"body": body}
        else:
            known = tables.allowed([(each.code, each.name) for each in VerifierBody.objects.all()])
            said = {"text": text, "known": known or _("none is recorded")}
            judge.fault("place", _("“%(text)s” is unknown; write one of: %(known)s") % said)
        return {}

    def _authority(self, text: str, judge: Judge) -> dict[str, Any]:
        names = {name: each.code for each in self._authorities for name in (each.name_zh, each.name_en)}
        choices = [(each.code, str(each)) for each in self._authorities]
        try:
            code = choice(text, choices, names)
        except cells.CellError as error:
            judge.fault("place", str(error))
            return {}
        return {"authority": next(each for each in self._authorities if each.code == code)}


def _longest(field: str) -> int:
    return int(getattr(Person._meta.get_field(field), "max_length", 0))


def write_template(to: Path | io.BytesIO) -> None:
    """A workbook to fill in, in the language in force, with the roles as a list."""
    english = (get_language() or "").startswith("en")
    with xlsxwriter.Workbook(to if isinstance(to, io.BytesIO) else str(to)) as book:
        bold, text = (
            book.add_format({"bold": True, "bg_color": "#E7EEF4", "border": 1}),
            book.add_format({"num_format": "@"}),
        )
        sheet = book.add_worksheet(_("People"))
        for place, column in enumerate(BY_CODE.values()):
            sheet.set_column(place, place, 24, text)
            sheet.write_string(0, place, column.code if english else column.words[0], bold)
        roles = [str(label) for label in Role.labels]
        sheet.data_validation(1, 2, _ROWS, 2, {"validate": "list", "source": roles, "error_type": "warning"})
        sheet.freeze_panes(1, 0)
        guide = book.add_worksheet(_("Guide"))
        guide.set_column(0, 1, 60)
        guide.write_row(0, 0, [_("Role"), _("Unit, authority or body")], bold)
        for row, (label, where) in enumerate(places(), 1):
            guide.write_row(row, 0, [label, where])


def places() -> list[tuple[str, str]]:
    """Each role with what its column of the place holds."""
    return [(str(role.label), _where(role)) for role in Role]


def _where(role: Role) -> str:
    if role in UNIT_ROLES:
        return _("the unit's credit code")
    if role in PROVINCIAL_ROLES:
        return _("the authority's code or name")
    return _("the technical service body's code") if role == Role.VERIFIER else _("empty: for the whole country")
