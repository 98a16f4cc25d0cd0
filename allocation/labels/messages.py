"""The sentences of what allocation tells people, by the kind of message."""

from django.utils.translation import gettext_lazy as _

__all__ = ["KINDS"]

KINDS = {
    "quota.approved": _(
        "The province has approved your quota for %(year)s, %(sector)s. Objections must be filed by %(due)s."
    ),
    "objection.filed": _("%(unit)s has filed an objection to its quota for %(year)s, %(sector)s. Decide by %(due)s."),
    "objection.returned": _(
        "Your unit's approver has sent back the objection to the quota for %(year)s, %(sector)s; the reason is on "
        "its page. File by %(due)s."
    ),
    "objection.withdrawn": _("%(unit)s has withdrawn its objection to the quota for %(year)s, %(sector)s."),
    "objection.sent_back": _(
        "The proposed decision on the objection of %(unit)s was sent back; the reason is on its page. Decide by "
        "%(due)s."
    ),
    "deduction.approved": _(
        "Under decision %(number)s, %(tonnes)s t are deducted from your unit's allocations in %(sector)s, the oldest "
        "decision first."
    ),
    "deduction.revoked": _(
        "Decision %(decision)s was revoked by %(number)s. The %(tonnes)s t deducted under it will be returned with "
        "the next determination."
    ),
    "differentiation.approved": _(
        "Quota determined for your unit for %(year)s, %(sector)s, is withheld in the province's account and is used "
        "first for your surrender."
    ),
    "differentiation.lifted": _("Your unit's quota for %(year)s, %(sector)s, is no longer withheld."),
    "quota.released": _("%(tonnes)s t of withheld quota for %(year)s were released to your account under %(number)s."),
    "objection.granted": _(
        "Your objection to the quota for %(year)s, %(sector)s, was granted. The reasons are on its page; the quota "
        "will be re-determined."
    ),
    "objection.followed": _(
        "Your granted objection to the quota for %(year)s, %(sector)s, has been implemented: quota %(before)s → "
        "%(after)s t, due %(due_before)s → %(due_after)s t."
    ),
    "objection.refused": _(
        "Your objection to the quota for %(year)s, %(sector)s, was refused. The reasons are on its page."
    ),
    "quota.adjusted": _(
        "Your quota or tonnes due for %(year)s, %(sector)s, have changed: see adjustment notice %(number)s."
    ),
    "quota.issued": _("Quota for %(year)s was issued or adjusted under the province's letter %(number)s."),
    "quota.credited": _(
        "%(tonnes)s t of quota for %(year)s were issued to your unit's account under the province's letter %(number)s."
    ),
    "quota.withheld": _(
        "%(tonnes)s t of your unit's quota for %(year)s were issued to the province's account under its letter "
        "%(number)s: they are withheld for your unit and are used first for its surrender."
    ),
    "quota.taken_back": _(
        "%(tonnes)s t of quota for %(year)s issued in excess were taken back from your unit under the province's "
        "letter %(number)s."
    ),
    "quota.owed_back": _(
        "Of the quota for %(year)s issued in excess, %(tonnes)s t were taken back from your unit under the "
        "province's letter %(number)s; %(owed)s t are still to be returned: keep them available in its account."
    ),
    "quota.unchanged": _(
        "The province's letter %(number)s on quota for %(year)s was carried out; nothing was issued to your unit or "
        "taken back from it."
    ),
    "trades.booked": _("Trades were posted to your unit's account: bought %(bought)s t, sold %(sold)s t."),
    "notice.sent": _(
        "Your compliance notice for %(year)s has been issued. The tonnes due must be surrendered by %(due)s."
    ),
    "surrender.approved": _("The province has approved the surrender of %(tonnes)s t for %(year)s."),
    "surrender.executed": _("The surrender of %(tonnes)s t for %(year)s was executed."),
    "surrender.withdrawn": _(
        "%(unit)s has withdrawn its request to surrender %(tonnes)s t for %(year)s, which you had approved."
    ),
    "letter.executed": _("Letter %(number)s has been executed by the registrar; its page shows where each tonne went."),
    "surrender.refused": _("The surrender of %(tonnes)s t for %(year)s was refused. The reason is on its page."),
    "surrender.refused_after": _(
        "The registrar refused the surrender of %(tonnes)s t for %(year)s by %(unit)s, which you had approved. The reason is on its page."
    ),
    "remind.surrender": _("%(tonnes)s t for %(year)s must still be requested for surrender by %(due)s."),
    "remind.surrender_missed": _(
        "The surrender deadline for %(year)s was %(due)s: %(tonnes)s t have not been requested."
    ),
    "remind.confirm": _("A surrender of %(tonnes)s t for %(year)s awaits your confirmation; the deadline is %(due)s."),
    "remind.confirm_missed": _(
        "A surrender of %(tonnes)s t for %(year)s still awaits your confirmation; the deadline was %(due)s."
    ),
}
