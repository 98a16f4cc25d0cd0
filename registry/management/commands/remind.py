"""Tell now what the night would tell: after an outage, or to see whom a change of the steps concerns."""

import datetime as dt
from collections import Counter
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from registry import notifications
from registry.law import clock
from registry.models import Notification, Person
from registry.terminal import TerminalCommand
from registry.todo import reminders


class Command(TerminalCommand):
    help = "Remind people of what is due as on a day. Nobody is told twice. E-mails go out with the next night's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="the day; today by default")
        parser.add_argument("--dry-run", action="store_true", help="say who would be told what, and tell nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        now, today = clock.now(), clock.today()
        day = _day(options["on"]) if options["on"] else today
        if options["dry_run"]:
            found = [
                Notification(person_id=one.person_id, kind=one.kind, key=one.key, params=one.params)
                for one in reminders.reminders(day)
            ]
            new = notifications.untold(found)
            self._list(new)
        elif day > today:
            raise CommandError(_("No reminders are sent ahead of the day: use --dry-run to preview a future day."))
        else:
            new = reminders.remind(day, now)
        for kind, count in sorted(Counter(row.kind for row in new).items()):
            self.stdout.write(f"{kind}: {count}")
        self.stdout.write(_("%(count)s people to be notified in total.") % {"count": len(new)})

    def _list(self, new: list[Notification]) -> None:
        names = dict(Person.objects.filter(pk__in={row.person_id for row in new}).values_list("pk", "username"))
        for row in new:
            self.stdout.write(f"{names[row.person_id]}: {notifications.text(row)}")


def _day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        raise CommandError(_("“%(text)s” is not a day; write it as 2026-12-31.") % {"text": text[:40]}) from error
