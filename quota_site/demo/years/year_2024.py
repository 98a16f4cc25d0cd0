"""The 2024 year: no months and no pre-allocation; quota equals emissions; closed with its certificates, one of them late."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from quota_site.demo.acts import handing_in, listing, quota, surrendering, yearly_reports
from quota_site.demo.running.timeline import Step, by_all


def steps() -> Iterator[Step]:
    """market.md §3: report by 2025-06-30, verified by 2025-08-31, plan in November 2025, surrender by 2025-12-31."""
    yield by_all(date(2025, 4, 21), _("directory proposed"), listing.propose, 2024)
    yield by_all(date(2025, 5, 6), _("directory decided"), listing.decide, 2024)
    yield from handing_in.steps("2024", date(2025, 6, 2))
    yield by_all(date(2025, 6, 19), _("annual reports prepared"), yearly_reports.prepare, 2024, 2)
    yield by_all(date(2025, 6, 24), _("annual reports filed"), yearly_reports.file, 2024, 3)
    yield by_all(date(2025, 7, 1), _("verifications assigned"), yearly_reports.assign, 2024, 3)
    yield by_all(date(2025, 7, 21), _("verifications concluded"), yearly_reports.conclude, 2024, 12)
    yield by_all(date(2025, 8, 11), _("verified results approved"), yearly_reports.approve, 2024, 12)
    kind = quota.DETERMINATION
    yield by_all(date(2025, 11, 17), _("quota determined"), quota.prepare, 2024, kind)
    yield by_all(date(2025, 11, 19), _("quota approved"), quota.approve, 2024, kind)
    yield by_all(date(2025, 11, 21), _("letters sent"), quota.write_letters, 2024, kind)
    yield by_all(date(2025, 11, 25), _("quota issued"), quota.execute_issue, 2024, kind)
    yield by_all(date(2025, 11, 27), _("notices sent"), quota.send_notices, 2024)
    yield by_all(date(2025, 12, 2), _("quota surrendered, certificates issued"), surrendering.in_time, 2024)
    yield by_all(date(2026, 1, 6), _("quota surrendered late"), surrendering.late, 2024)
