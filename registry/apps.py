from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        """Register the task, the night's work and the outbox, and offer the terms that the law leaves open to the ministry."""
        from registry import (
            notifications,
            parameters,
            tasks,  # noqa: F401
        )
        from registry.integrity import (
            nightly,  # noqa: F401
            sealed,
            verifying,
        )
        from registry.journal import display as facts
        from registry.law import calendar
        from registry.models import ApiToken, DirectoryEntry
        from registry.notifications import events as telling
        from registry.notifications import outbox  # noqa: F401
        from registry.parameters import terms, working_years
        from registry.todo import reminders  # noqa: F401
        from registry.web.listing import by_job  # noqa: F401
        from registry.web.search import finders

        calendar.take_from(working_years.find)
        notifications.name(telling.KINDS)
        notifications.word("threshold", parameters.say)
        facts.name("ground", {**dict(DirectoryEntry.EntryGround.choices), **dict(DirectoryEntry.ExitGround.choices)})
        facts.name("scopes", dict(ApiToken.Scope.choices))
        sealed.name()
        verifying.name()
        finders.offer_all()
        parameters.offer(terms.BOOK, _("Deadlines and reminders"), terms.file, terms.no_effect)
