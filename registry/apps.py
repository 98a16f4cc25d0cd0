from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        """Register the night's work and the outbox, and offer the terms that the law leaves open to the ministry."""
        from registry import (  # noqa: F401
            calendar,
            facts,
            notifications,
            outbox,
            parameters,
            reminders,
            telling,
            terms,
            watch,
            working_years,
        )
        from registry.models import ApiToken, DirectoryEntry

        calendar.take_from(working_years.find)
        notifications.name(telling.KINDS)
        facts.name("ground", {**dict(DirectoryEntry.EntryGround.choices), **dict(DirectoryEntry.ExitGround.choices)})
        facts.name("scopes", dict(ApiToken.Scope.choices))
        parameters.offer(terms.BOOK, _("Deadlines and reminders"), terms.file, terms.no_effect)
