from registry.models.directory import DirectoryEntry
from registry.models.jobs import Job, JobItem
from registry.models.journal import JournalEntry, JournalHead
from registry.models.mandates import FilingMandate
from registry.models.notifications import Mail, Notification
from registry.models.parameters import ParameterChange, ParameterDecision, ParameterWithdrawal
from registry.models.people import Authority, FormerPassword, Person, VerifierBody
from registry.models.saved_views import SavedView
from registry.models.seats import SeatChange
from registry.models.sessions import Session
from registry.models.tokens import ApiToken, ApiTokenRevocation, ApiTokenUse
from registry.models.units import Line, LineKind, SectorMembership, Unit
from registry.models.working_years import WorkingYear, WorkingYearDecision, WorkingYearWithdrawal

__all__ = [
    "ApiToken",
    "ApiTokenRevocation",
    "ApiTokenUse",
    "Authority",
    "DirectoryEntry",
    "FilingMandate",
    "FormerPassword",
    "Job",
    "JobItem",
    "JournalEntry",
    "JournalHead",
    "Line",
    "LineKind",
    "Mail",
    "Notification",
    "ParameterChange",
    "ParameterDecision",
    "ParameterWithdrawal",
    "Person",
    "SavedView",
    "SeatChange",
    "SectorMembership",
    "Session",
    "Unit",
    "VerifierBody",
    "WorkingYear",
    "WorkingYearDecision",
    "WorkingYearWithdrawal",
]
