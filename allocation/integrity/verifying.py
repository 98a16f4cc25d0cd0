"""What `manage.py verify_all` looks at in allocation: holdings, transactions, certificates, balance values, runs, stored tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation import balance_values
from allocation.compliance import certificates
from allocation.integrity.nightly import departures
from allocation.ledger import accounts, soundness
from allocation.models import BalanceValue, Certificate, Deduction, Holding, Letter, Run, TradeImport, Transaction
from registry.integrity import verifying
from registry.integrity.verifying import Fault, Looked
from registry.values.bilingual import listed
from reporting.integrity.verifying import looked_at_files

__all__ = ["name"]


def _holdings() -> Looked:
    said = _(
        "%(vintage)s: holds %(held)s, entries say %(entered)s; reserved %(reserved)s, open requests say %(requested)s"
    )
    names = ("vintage", "held", "entered", "reserved", "requested")
    return Looked(
        Holding.objects.count(),
        [
            Fault(f"allocation.account {each.account.pk}", said % {name: getattr(each, name) for name in names})
            for each in accounts.disagreements()
        ],
    )


def _transactions() -> Looked:
    found = soundness.unsound()
    return Looked(
        Transaction.objects.count(),
        [Fault(f"allocation.transaction {each.transaction.pk}", each.why) for each in found],
    )


def _certificates() -> Looked:
    rows = list(Certificate.objects.order_by("pk"))
    said = _("its code does not match its content")
    return Looked(
        len(rows),
        [
            Fault(f"allocation.certificate {row.pk}", said)
            for row in rows
            if row.code != certificates.verification_code(row.content)
        ],
    )


def _balance_values() -> Looked:
    rows = list(BalanceValue.objects.filter(state__in=["computed", "published"]).order_by("pk"))
    said = _("does not follow from its inputs, or differs from what was published")
    return Looked(
        len(rows), [Fault(f"allocation.balancevalue {row.pk}", said) for row in rows if balance_values.tampered(row)]
    )


def _runs() -> Looked:
    looked = Looked()
    for number in Run.objects.filter(state=Run.State.APPROVED).order_by("pk").values_list("pk", flat=True):
        looked.checked += 1
        if found := departures(Run.objects.get(pk=number)):
            said = _("does not follow from its manifest: %(places)s") % {"places": listed(found[:5])}
            looked.faults.append(Fault(f"allocation.run {number}", said))
    return looked


def _tables() -> Looked:
    columns = ((Letter, "tables_sha256"), (TradeImport, "sha256"), (Deduction, "file_sha256"))
    return looked_at_files(
        digest
        for model, column in columns
        for digest in model.objects.order_by().values_list(column, flat=True).distinct()
    )


def name() -> None:
    """Offer them; asked for when the app is ready."""
    verifying.offer("holdings", gettext_lazy("Holdings against entries"), _holdings)
    verifying.offer("transactions", gettext_lazy("Transactions against what was posted"), _transactions)
    verifying.offer("certificates", gettext_lazy("Certificates' codes"), _certificates)
    verifying.offer("balance_values", gettext_lazy("Balance values"), _balance_values)
    verifying.offer("runs", gettext_lazy("Approved runs, recomputed"), _runs)
    verifying.offer("tables", gettext_lazy("Stored files: tables of letters, trades, deductions"), _tables)
