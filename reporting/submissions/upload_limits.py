"""What may be put in: only for periods that have begun or are near, and only as much as a unit can need (guidelines/filing.toml)."""

import datetime as dt

from django.db import connection

from registry.labels.kept_sentences import gettext as _
from registry.law import calendar
from registry.refusal import Refusal
from registry.values import figures
from reporting.content import first_day
from reporting.guidelines import filing
from reporting.models import ControlPlan, Package

__all__ = ["refuse_too_early", "refuse_too_much"]

MEGABYTE = 1024 * 1024


def refuse_too_early(period: str, day: dt.date) -> None:
    """A period is prepared when it is near: one that lies years ahead is a mistyped year."""
    opens = first_day(period) - dt.timedelta(days=int(filing()["ahead.days"].number(day)))
    if day < opens:
        said = {"period": period, "day": figures.day(opens)}
        raise Refusal(_("%(period)s is too far ahead: files are taken for it from %(day)s on.") % said)


def refuse_too_much(package: Package | ControlPlan, size: int, at: dt.datetime, *, is_workbook: bool = False) -> None:
    """So many bytes more for the unit's year, or one more workbook today. One query."""
    today, stored = _so_far(package.unit_id, package.year, at)
    _refuse_workbooks(today if is_workbook else 0, calendar.local_day(at))
    _refuse_bytes(stored, size, package.year, calendar.local_day(at))


# In plain SQL: it is asked for every file, and Django would take twenty times as long to put it together as the database to answer.
_SO_FAR = """SELECT
(SELECT COUNT(*) FROM reporting_upload f JOIN reporting_package p ON p.id = f.package_id
 WHERE p.unit_id = %(unit)s AND f.at > %(since)s AND f.at <= %(at)s),
(SELECT COALESCE(SUM(f.size), 0) FROM reporting_upload f JOIN reporting_package p ON p.id = f.package_id
 WHERE p.unit_id = %(unit)s AND p.year = %(year)s) +
(SELECT COALESCE(SUM(f.size), 0) FROM reporting_evidence f JOIN reporting_package p ON p.id = f.package_id
 WHERE p.unit_id = %(unit)s AND p.year = %(year)s) +
(SELECT COALESCE(SUM(f.size), 0) FROM reporting_replyfile f JOIN reporting_reply r ON r.id = f.reply_id
 JOIN reporting_question q ON q.id = r.question_id JOIN reporting_package p ON p.id = q.package_id
 WHERE p.unit_id = %(unit)s AND p.year = %(year)s)"""


def _so_far(unit: int, year: int, at: dt.datetime) -> tuple[int, int]:
    """How many workbooks of the unit came in within the last 24 hours, and the bytes of every file of the unit's year that is kept."""
    moments = {"since": at - dt.timedelta(days=1), "at": at}
    adapted = {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()}
    with connection.cursor() as cursor:
        cursor.execute(_SO_FAR, {"unit": unit, "year": year, **adapted})
        workbooks, stored = cursor.fetchone()
    return int(workbooks), int(stored)


def _refuse_workbooks(count: int, day: dt.date) -> None:
    most = int(filing()["workbooks.day"].number(day))
    if count >= most:
        raise Refusal(
            _("%(count)s workbooks of this unit came in within 24 hours, and no more are taken: try again tomorrow.")
            % {"count": figures.tonnes(most)}
        )


def _refuse_bytes(stored: int, size: int, year: int, day: dt.date) -> None:
    most = int(filing()["stored.megabytes"].number(day))
    if stored + size > most * MEGABYTE:
        said = {"year": year, "limit": figures.tonnes(most), "stored": figures.tonnes(stored // MEGABYTE)}
        raise Refusal(
            _(
                "The files of this unit for %(year)s may come to %(limit)s MB, and %(stored)s MB are stored: send smaller files, "
                "or ask the operator."
            )
            % said
        )
