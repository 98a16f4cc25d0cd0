"""What allocation's acts and jobs are called in the journal and the list of jobs."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "balance_value.requested": _("balance value: computation asked for"),
    "balance_value.computed": _("balance value: computed"),
    "balance_value.published": _("balance value: published"),
    "run.requested": _("run: asked for"),
    "run.prepared": _("run: prepared"),
    "run.approved": _("run: approved"),
    "run.refused": _("run: refused"),
    "run.cancelled": _("run: cancelled"),
    "letter.written": _("letter: drafted"),
    "letter.sent": _("letter: sent"),
    "letter.discarded": _("letter: discarded"),
    "issue.prepared": _("issue: prepared"),
    "issue.executed": _("issue: executed"),
    "issue.collected": _("issue: owed quota taken in"),
    "notices.sent": _("compliance notices: sent"),
    "account.frozen": _("account: frozen"),
    "account.unfrozen": _("account: unfrozen"),
    "account.disagrees": _("account: disagrees with its entries"),
    "trades.proposed": _("trades: table proposed"),
    "trades.execution_requested": _("trades: execution asked for"),
    "trades.executed": _("trades: executed"),
    "trades.not_executed": _("trades: could not be executed"),
    "trades.refused": _("trades: refused"),
    "surrender.requested": _("surrender: requested"),
    "surrender.confirmed": _("surrender: confirmed"),
    "surrender.approved": _("surrender: approved"),
    "surrender.executed": _("surrender: executed"),
    "surrender.refused": _("surrender: refused"),
    "surrender.withdrawn": _("surrender: withdrawn"),
    "certificate.issued": _("certificate: issued"),
}
THINGS = {
    "allocation.balancevalue": _("balance value"),
    "allocation.run": _("run"),
    "allocation.letter": _("letter"),
    "allocation.account": _("account"),
    "allocation.tradeimport": _("table of trades"),
    "allocation.surrenderrequest": _("surrender request"),
    "allocation.certificate": _("certificate"),
}
JOBS = {
    "allocation.balance_value": _("Computing the balance value"),
    "allocation.run": _("Preparing the run"),
    "allocation.reconcile": _("Checking holdings against their entries"),
    "allocation.trades": _("Executing the trades"),
}
