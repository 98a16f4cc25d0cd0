"""Telling people: one service for every event and reminder keeps what is told in the application (`acts`), one e-mail
a day follows (`outbox`); `events` is what the registry itself tells.
"""

from registry.notifications.acts import (
    Told,
    choose_mail,
    kinds,
    mark_all_read,
    mark_read,
    name,
    notify,
    notify_all,
    text,
    unread,
    untold,
    word,
)

__all__ = [
    "Told",
    "choose_mail",
    "kinds",
    "mark_all_read",
    "mark_read",
    "name",
    "notify",
    "notify_all",
    "text",
    "unread",
    "untold",
    "word",
]
