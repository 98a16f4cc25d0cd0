"""The country as the database knows it: whoever acts in the build finds units and people here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from quota_site.demo.invented.country import Country, UnitPlan, plan
from quota_site.demo.invented.scales import scale
from quota_site.demo.running import people
from quota_site.demo.running.clock import moment
from registry.models import Authority, Person, Unit, VerifierBody
from registry.permissions.roles import Role


@dataclass(frozen=True)
class World:
    """A plan and the rows that stand for it; every process of the build loads its own."""

    country: Country
    plans: Mapping[int, UnitPlan]
    number_of: Mapping[str, int]  # by credit code
    units: Mapping[int, Unit]
    people: Mapping[str, Person]
    authorities: Mapping[str, Authority]
    bodies: Mapping[str, VerifierBody]

    @classmethod
    def load(cls, scale_name: str, seed: int) -> "World":
        """The world of a country whose people have settled in."""
        country = plan(scale(scale_name), seed)
        rows = {unit.credit_code: unit for unit in Unit.objects.select_related("authority")}
        return cls(
            country=country,
            plans={unit.number: unit for unit in country.units},
            number_of={unit.credit_code: unit.number for unit in country.units},
            units={unit.number: rows[unit.credit_code] for unit in country.units},
            people={person.username: person for person in Person.objects.all()},
            authorities={authority.code: authority for authority in Authority.objects.all()},
            bodies={body.code: body for body in VerifierBody.objects.all()},
        )

    def clerk(self, unit: UnitPlan) -> Person:
        return self.people[people.username(unit, Role.UNIT_CLERK)]

    def unit_approver(self, unit: UnitPlan) -> Person:
        return self.people[people.username(unit, Role.UNIT_APPROVER)]

    def officer(self, authority: str) -> Person:
        return self.people[people.officer_name(authority, Role.PROVINCIAL_OFFICER)]

    def approver(self, authority: str) -> Person:
        return self.people[people.officer_name(authority, Role.PROVINCIAL_APPROVER)]

    def body(self, authority: str) -> VerifierBody:
        return self.bodies[people.body_of(authority, self.country)]

    def verifier(self, authority: str) -> Person:
        return self.people[people.verifier_name(people.body_of(authority, self.country))]

    def national(self, role: Role) -> Person:
        return self.people[people.national_name(role)]

    def moment(self, first: dt.date, days: int, *name: object) -> dt.datetime:
        """An instant for something that happens in the `days` days from `first` on."""
        return moment(self.country.chance, first, days, *name)
