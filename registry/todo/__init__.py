"""What waits for a person: the items that a home page lists, each with its page and its day (`items`), and the
reminders of them, asked for every night and sent once each (`reminders`).
"""

from registry.todo.items import Todo, by_urgency, pressing, todos, url_of

__all__ = [
    "Todo",
    "by_urgency",
    "pressing",
    "todos",
    "url_of",
]
