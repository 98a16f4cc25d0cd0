"""Authorities, technical service bodies, and people, each with exactly one seat."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.database.spelled import Initials, Pinyin
from registry.permissions import Act, Paths
from registry.permissions.roles import NATIONAL_ROLES, PROVINCIAL_ROLES, UNIT_ROLES, Role
from registry.values.bilingual import in_language
from registry.values.pinyin import LONGEST


class Authority(models.Model):
    """A provincial ecology and environment department; 31 provinces and 新疆生产建设兵团 (market.md §1)."""

    code = models.CharField(max_length=6, unique=True)  # GB/T 2260; 660000 for the Corps
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)

    WHOSE = Paths(view=Act.VIEW_DIRECTORY, authority="pk")

    class Meta:
        ordering = ["code"]
        verbose_name = _("authority")

    def __str__(self) -> str:
        return in_language(self.name_zh, self.name_en)

    @property
    def department(self) -> str:
        """The authority's own name, as it signs its papers: 局 in the four municipalities and the Corps, 厅 elsewhere."""
        is_bureau = self.name_zh.endswith("市") or self.code == "660000"
        zh = f"{self.name_zh}生态环境{'局' if is_bureau else '厅'}"
        return in_language(zh, f"Ecology and Environment {'Bureau' if is_bureau else 'Department'} of {self.name_en}")


class VerifierBody(models.Model):
    """A technical service body 技术服务机构 that verifies for provinces."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


def of_authority(key: int) -> Q:
    """People of the authority itself, and those of its units."""
    return Q(authority=key) | Q(unit__authority=key)


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Someone who signs in. The seat (role and for whom) is part of the row, so there is exactly one by construction."""

    username = models.CharField(_("User name"), max_length=60, unique=True)
    name = models.CharField(max_length=60)
    pinyin = Pinyin(max_length=60 * LONGEST)
    initials = Initials(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    role = models.CharField(max_length=24, choices=Role.choices)
    unit = models.ForeignKey("registry.Unit", models.PROTECT, null=True, blank=True, related_name="people")
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, related_name="people")
    body = models.ForeignKey(VerifierBody, models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    wants_mail = models.BooleanField(default=True)
    mail_language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    WHOSE = Paths(view=Act.VIEW_PERSON, unit="unit", authority=of_authority, body="body", person="pk")

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="person_seat_matches_role",
                condition=Q(role__in=UNIT_ROLES, unit__isnull=False, authority__isnull=True, body__isnull=True)
                | Q(role__in=PROVINCIAL_ROLES, unit__isnull=True, authority__isnull=False, body__isnull=True)
                | Q(role=Role.VERIFIER, unit__isnull=True, authority__isnull=True, body__isnull=False)
                | Q(role__in=NATIONAL_ROLES, unit__isnull=True, authority__isnull=True, body__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """For whom the seat is; "" for those of the whole country."""
        return str(self.unit or self.authority or self.body or "")

    @property
    def seat(self) -> str:
        """The role and for whom, for people to read."""
        whom = self.unit or self.authority or self.body
        return f"{whom} · {Role(self.role).label}" if whom else str(Role(self.role).label)


class FormerPassword(models.Model):
    """The hash of a password that a person had chosen, kept so that it isn't chosen again; append-only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    hash = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
