"""The outbox: what people were told goes out as one e-mail a day, in their language, and neither a night nor a message is lost.

Every night a mail is made for each person over what they have not read and no mail has brought them (`collect`). A job hands the mails to
the mail server one by one (`send`): each is claimed first and struck off when the server has taken it, so that two workers never send the
same. What the server does not take waits longer from time to time. Where a worker dies between the server's word and the strike, the
mail goes out again under the same Message-ID, by which mail systems know it for the same.
"""

import datetime as dt
import logging
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import jobs
from registry.law import clock
from registry.models import Job, Mail, Notification
from registry.notifications import acts as notifications

__all__ = ["ask", "collect", "waiting"]

logger = logging.getLogger(__name__)

KIND = "registry.send_mail"
# What was told longer ago than this is in the application only: it is no news any more.
NEWS_DAYS = 7
CLAIM = dt.timedelta(minutes=10)
# Asked for at most once in this time; the first wait after a failure, doubled each time.
EVERY = dt.timedelta(minutes=10)
MOST_ATTEMPTS = 8
# So many failures one after the other are the server's, not the mails'.
SERVER_IS_DOWN = 3
State = Mail.State


@transaction.atomic
def collect(day: dt.date, at: dt.datetime) -> int:
    """Put the day's mails into the outbox, unless no mail server is named; how many. Again, it adds nothing. Three queries."""
    if not settings.MAIL_ENABLED:
        return 0
    fresh = Notification.objects.filter(
        mail__isnull=True, read_at__isnull=True, at__gt=at - dt.timedelta(days=NEWS_DAYS), at__lte=at
    )
    wanting = fresh.filter(person__is_active=True, person__wants_mail=True).exclude(person__email="")
    got_one = Mail.objects.filter(day=day).values("person")
    people = wanting.exclude(person__in=got_one).order_by("person").values_list("person", flat=True).distinct()
    made = Mail.objects.bulk_create(
        (Mail(person_id=person, day=day, next_try_at=at) for person in people),
        update_conflicts=True,  # by another worker at this very moment: then nothing changes
        unique_fields=["person", "day"],
        update_fields=["day"],
        batch_size=1000,
    )
    todays = Mail.objects.filter(day=day, state=State.WAITING, attempts=0)
    own = todays.filter(person=OuterRef("person")).values("pk")
    fresh.filter(person__in=todays.values("person")).update(mail=Subquery(own[:1]))
    return len(made)


def waiting(at: dt.datetime) -> QuerySet[Mail]:
    """The mails that may be handed over now: due, and in no worker's hands."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    return Mail.objects.filter(free, state=State.WAITING, next_try_at__lte=at)


def ask(at: dt.datetime) -> Job | None:
    """Ask for the sending of what waits. One query where nothing does."""
    if not waiting(at).exists():
        return None
    slot = int(at.timestamp()) // int(EVERY.total_seconds())
    return jobs.enqueue(KIND, key=f"{KIND}:{slot}", by=None, at=at)


@jobs.handler(KIND)
def send(lease: jobs.Lease) -> None:
    """Hand over all that waits; stop early where the server is away."""
    ids = list(waiting(clock.now()).order_by("pk").values_list("pk", flat=True))
    sent = failed = in_a_row = 0
    connection = get_connection()
    for place, pk in enumerate(ids):
        lease.progress(place, len(ids))
        if not (mail := _claimed(pk, clock.now())):
            continue
        state = _handed_over(mail, connection)
        sent, failed = sent + (state == State.SENT), failed + (state == State.WAITING)
        in_a_row = in_a_row + 1 if state == State.WAITING else 0
        if in_a_row == SERVER_IS_DOWN:
            break
    connection.close()
    with lease.finishing({"sent": sent, "failed": failed}):
        pass


def _claimed(pk: int, now: dt.datetime) -> Mail | None:
    """The mail, if it is ours to send: two workers can't both claim it."""
    taken = waiting(now).filter(pk=pk).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    return Mail.objects.select_related("person").get(pk=pk) if taken else None


def _handed_over(mail: Mail, connection: BaseEmailBackend) -> Mail.State:
    """Send a claimed mail and strike it off: sent, dropped because nothing is to be sent, or waiting still."""
    message = _message(mail)
    if message is None:
        _end(mail, State.DROPPED)
        return State.DROPPED
    message.connection = connection
    try:
        message.send()
    except Exception as error:
        # Whatever a server or a network can do: the mail stays, and the others go on.
        logger.warning("mail %s was not taken in attempt %s: %s", mail.pk, mail.attempts, error)
        connection.close()
        _put_back(mail, f"{type(error).__name__}: {error}"[:200])
        return State.WAITING
    _end(mail, State.SENT, sent_at=clock.now())
    return State.SENT


def _end(mail: Mail, state: Mail.State, *, sent_at: dt.datetime | None = None) -> None:
    Mail.objects.filter(pk=mail.pk, state=State.WAITING).update(
        state=state, sent_at=sent_at, claimed_until=None, error=""
    )


def _put_back(mail: Mail, error: str) -> None:
    """To be tried again later, each time after twice as long; in the end given up: in the application it was told all the same."""
    state = State.GIVEN_UP if mail.attempts >= MOST_ATTEMPTS else State.WAITING
    later = clock.now() + EVERY * 2 ** (mail.attempts - 1)
    Mail.objects.filter(pk=mail.pk, state=State.WAITING).update(
        state=state, next_try_at=later, claimed_until=None, error=error
    )


def _message(mail: Mail) -> EmailMessage | None:
    """The mail as it is sent; None where they have read all of it meanwhile, left, or wants none any more."""
    person = mail.person
    told = list(mail.notifications.filter(read_at__isnull=True).order_by("at", "pk"))
    if not (told and person.is_active and person.wants_mail and person.email):
        return None
    with translation.override(person.mail_language):
        parts = [f"{notifications.text(one)}\n{settings.SITE_URL}{one.link}" for one in told]
        subject = ngettext("%(count)s message for you", "%(count)s messages for you", len(told)) % {"count": len(told)}
        foot = _("You can turn these e-mails off under “Messages”.")
        body = "\n\n".join([_("%(name)s,") % {"name": person.name}, *parts, foot]) + "\n"
        subject = f"{_('Carbon quota administration')}: {subject}"
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<mail-{mail.pk}-{mail.day.isoformat()}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[person.email], headers=headers)
