from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        """Register the task, the night's work and the outbox, and offer the terms that the law leaves open to the ministry."""
        from registry import (
            calendar,
            facts,
            notifications,
            outbox,  # noqa: F401
            parameters,
            reminders,  # noqa: F401
            sealed,
            tasks,  # noqa: F401
            telling,
            terms,
            verifying,
            watch,  # noqa: F401
            working_years,
        )
        from registry.models import ApiToken, DirectoryEntry

        calendar.take_from(working_years.find)
        notifications.name(telling.KINDS)
        notifications.word("threshold", parameters.say)
        facts.name("ground", {**dict(DirectoryEntry.EntryGround.choices), **dict(DirectoryEntry.ExitGround.choices)})
        facts.name("scopes", dict(ApiToken.Scope.choices))
        sealed.name()
        verifying.name()
        parameters.offer(terms.BOOK, _("Deadlines and reminders"), terms.file, terms.no_effect)
