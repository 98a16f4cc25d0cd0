"""Who may do what, written by hand from the rules (market.md §1, §2, §4; allocation.md §1, §4, §5) and the platform's own decisions.

Never derived from `registry.access.MATRIX`: it is the other copy of one decision, so that a permission that was widened or narrowed there
fails here. A permission is changed in both places, on purpose.

Of each act, in the order of SEATS: u the own unit's, p the own province's, b what was assigned to the own body, s what the person
asked for, a all, - never.
"""

SEATS = (
    "unit_clerk",
    "unit_approver",
    "verifier",
    "provincial_officer",
    "provincial_approver",
    "registrar_operator",
    "registrar_approver",
    "ministry_analyst",
    "ministry_approver",
    "auditor",
)

#  clerk, approver; verifier; officer, approver; registrar 2; ministry 2; auditor
TABLE = """
VIEW_UNIT                 uu b pp aa aa a
VIEW_DIRECTORY            aa a aa aa aa a
VIEW_DIRECTORY_PROPOSAL   -- - pp -- aa a
PROPOSE_DIRECTORY         -- - p- -- -- -
APPROVE_DIRECTORY         -- - -p -- -- -
VIEW_JOURNAL              -- - pp aa aa a
VIEW_JOB                  ss s ss ss ss a
VIEW_NOTIFICATION         ss s ss ss ss s
VIEW_MANDATE              uu - -- -- -- a
OFFER_MANDATE             -u - -- -- -- -
ACCEPT_MANDATE            -u - -- -- -- -
END_MANDATE               -u - -- -- -- -
VIEW_TOKEN                uu - -- -- -- a
GRANT_TOKEN               -u - -- -- -- -
REVOKE_TOKEN              uu - -- -- -- -
VIEW_PARAMETERS           aa a aa aa aa a
VIEW_PARAMETER_EFFECT     -- - -- -- aa a
PROPOSE_PARAMETER         -- - -- -- a- -
APPROVE_PARAMETER         -- - -- -- -a -
VIEW_PACKAGE              uu b pp aa aa a
VIEW_DRAFT                uu - -- -- -- a
UPLOAD_PACKAGE            u- - -- -- -- -
SUBMIT_PACKAGE            u- - -- -- -- -
REVIEW_PACKAGE            -- - p- -- -- -
VIEW_QUEUE                -- - pp aa aa a
REPLY_QUESTION            u- - -- -- -- -
EXTEND_DEADLINE           -- - p- -- -- -
VIEW_BULK_UPLOAD          u- - -- -- -- a
BULK_UPLOAD               u- - -- -- -- -
VERIFY_RECEIPT            aa a aa aa aa a
VIEW_CONTROL_PLAN         uu b pp aa aa a
EDIT_CONTROL_PLAN         u- - -- -- -- -
SUBMIT_CONTROL_PLAN       -u - -- -- -- -
REVIEW_CONTROL_PLAN       -- - p- -- -- -
VIEW_ANNUAL_REPORT        uu b pp aa aa a
PREPARE_ANNUAL_REPORT     u- - -- -- -- -
FILE_ANNUAL_REPORT        -u - -- -- -- -
RETURN_ANNUAL_REPORT      -- - p- -- -- -
VIEW_VERIFICATION         uu b pp aa aa a
ASSIGN_VERIFICATION       -- - p- -- -- -
VERIFY                    -- b -- -- -- -
VIEW_FINDINGS_BEFORE_TOLD -- b pp -- aa a
APPROVE_VERIFICATION      -- - -p -- -- -
VIEW_VERIFIED_RESULT      uu b pp aa aa a
VIEW_PLAN                 aa a aa aa aa a
VIEW_BALANCE_VALUE        aa a aa aa aa a
COMPUTE_BALANCE_VALUE     -- - -- -- a- -
PUBLISH_BALANCE_VALUE     -- - -- -- -a -
STUDY_BALANCE_VALUE       -- - -- -- aa a
VIEW_RUN                  -- - pp aa aa a
PREPARE_RUN               -- - p- -- -- -
APPROVE_RUN               -- - -p -- -- -
VIEW_AWARD                uu - pp aa aa a
VIEW_LETTER               -- - pp aa aa a
SEND_LETTER               -- - p- -- -- -
PREPARE_ISSUE             -- - -- a- -- -
EXECUTE_ISSUE             -- - -- -a -- -
VIEW_ACCOUNT              uu - pp aa aa a
FREEZE_ACCOUNT            -- - -- -a -- -
VIEW_TRADES               -- - -- aa aa a
PROPOSE_TRADES            -- - -- a- -- -
EXECUTE_TRADES            -- - -- -a -- -
VIEW_NOTICE               uu - pp aa aa a
SEND_NOTICE               -- - p- -- -- -
VIEW_SURRENDER            uu - pp aa aa a
REQUEST_SURRENDER         u- - -- -- -- -
CONFIRM_SURRENDER         -u - -- -- -- -
APPROVE_SURRENDER         -- - -p -- -- -
EXECUTE_SURRENDER         -- - -- aa -- -
VIEW_CERTIFICATE          uu - pp aa aa a
VIEW_OBJECTION            uu - pp -- aa a
DRAFT_OBJECTION           u- - -- -- -- -
FILE_OBJECTION            -u - -- -- -- -
WITHDRAW_OBJECTION        uu - -- -- -- -
ANSWER_OBJECTION          -- - p- -- -- -
DECIDE_OBJECTION          -- - -p -- -- -
VIEW_DEDUCTION            uu - pp -- aa a
VIEW_DEDUCTION_TABLE      -- - pp -- aa a
ENTER_DEDUCTION           -- - p- -- -- -
APPROVE_DEDUCTION         -- - -p -- -- -
VIEW_DIFFERENTIATION      uu - pp aa aa a
MARK_DIFFERENTIATION      -- - p- -- -- -
APPROVE_DIFFERENTIATION   -- - -p -- -- -
PROPOSE_RELEASE           -- - p- -- -- -
APPROVE_RELEASE           -- - -p -- -- -
EXECUTE_RELEASE           -- - -- aa -- -
VIEW_COMPLIANCE           uu - pp aa aa a
"""

# Who prepares and who stands for it: never the same role.
FOUR_EYES = (
    ("PROPOSE_DIRECTORY", "APPROVE_DIRECTORY"),
    ("PROPOSE_PARAMETER", "APPROVE_PARAMETER"),
    ("EDIT_CONTROL_PLAN", "SUBMIT_CONTROL_PLAN"),
    ("SUBMIT_CONTROL_PLAN", "REVIEW_CONTROL_PLAN"),
    ("UPLOAD_PACKAGE", "REVIEW_PACKAGE"),
    ("SUBMIT_PACKAGE", "REVIEW_PACKAGE"),
    ("PREPARE_ANNUAL_REPORT", "FILE_ANNUAL_REPORT"),
    ("FILE_ANNUAL_REPORT", "RETURN_ANNUAL_REPORT"),
    ("ASSIGN_VERIFICATION", "VERIFY"),
    ("ASSIGN_VERIFICATION", "APPROVE_VERIFICATION"),
    ("VERIFY", "APPROVE_VERIFICATION"),
    ("COMPUTE_BALANCE_VALUE", "PUBLISH_BALANCE_VALUE"),
    ("PREPARE_RUN", "APPROVE_RUN"),
    ("SEND_LETTER", "PREPARE_ISSUE"),
    ("PREPARE_ISSUE", "EXECUTE_ISSUE"),
    ("PROPOSE_TRADES", "EXECUTE_TRADES"),
    ("REQUEST_SURRENDER", "CONFIRM_SURRENDER"),
    ("CONFIRM_SURRENDER", "APPROVE_SURRENDER"),
    ("APPROVE_SURRENDER", "EXECUTE_SURRENDER"),
    ("DRAFT_OBJECTION", "FILE_OBJECTION"),
    ("FILE_OBJECTION", "ANSWER_OBJECTION"),
    ("ANSWER_OBJECTION", "DECIDE_OBJECTION"),
    ("ENTER_DEDUCTION", "APPROVE_DEDUCTION"),
    ("MARK_DIFFERENTIATION", "APPROVE_DIFFERENTIATION"),
    ("PROPOSE_RELEASE", "APPROVE_RELEASE"),
    ("APPROVE_RELEASE", "EXECUTE_RELEASE"),
    ("GRANT_TOKEN", "UPLOAD_PACKAGE"),
)

# The acts as which a service is done; whoever does none of them is refused by the service itself.
SERVICES = """
registry.directory.propose_entry      PROPOSE_DIRECTORY
registry.directory.propose_exit       PROPOSE_DIRECTORY
registry.directory.decide             APPROVE_DIRECTORY
registry.directory.withdraw           PROPOSE_DIRECTORY
registry.mandates.offer               OFFER_MANDATE
registry.mandates.accept              ACCEPT_MANDATE
registry.mandates.end                 END_MANDATE
registry.parameters.propose           PROPOSE_PARAMETER
registry.parameters.decide            APPROVE_PARAMETER
registry.parameters.withdraw          PROPOSE_PARAMETER
registry.tokens.grant                 GRANT_TOKEN
registry.tokens.revoke                REVOKE_TOKEN
registry.working_years.propose        PROPOSE_PARAMETER
registry.working_years.decide         APPROVE_PARAMETER
reporting.annual.prepare              PREPARE_ANNUAL_REPORT
reporting.annual.file                 FILE_ANNUAL_REPORT
reporting.annual.hand_back            FILE_ANNUAL_REPORT
reporting.annual.send_back            RETURN_ANNUAL_REPORT
reporting.bulk.receive                BULK_UPLOAD
reporting.bulk.choose                 BULK_UPLOAD
reporting.bulk.submit_clean           SUBMIT_PACKAGE
reporting.bulk_accept.ask             REVIEW_PACKAGE
reporting.correction.drafts.keep      UPLOAD_PACKAGE
reporting.correction.drafts.discard   UPLOAD_PACKAGE
reporting.correction.saving.save      UPLOAD_PACKAGE
reporting.deadlines.extend            EXTEND_DEADLINE
reporting.evidence.attaching.attach   UPLOAD_PACKAGE
reporting.evidence.attaching.withdraw UPLOAD_PACKAGE
reporting.intake.receive              UPLOAD_PACKAGE
reporting.intake.read_again           UPLOAD_PACKAGE
reporting.intake.answer               UPLOAD_PACKAGE
reporting.intake.submit               SUBMIT_PACKAGE
reporting.planning.open_plan          EDIT_CONTROL_PLAN
reporting.planning.save               EDIT_CONTROL_PLAN
reporting.planning.prepare            EDIT_CONTROL_PLAN
reporting.planning.submit             SUBMIT_CONTROL_PLAN
reporting.planning.accept             REVIEW_CONTROL_PLAN
reporting.planning.send_back          REVIEW_CONTROL_PLAN
reporting.planning.revise             EDIT_CONTROL_PLAN
reporting.questions.ask               REVIEW_PACKAGE
reporting.questions.reply             REPLY_QUESTION
reporting.review.accept               REVIEW_PACKAGE
reporting.review.send_back            REVIEW_PACKAGE
reporting.review.reopen               REVIEW_PACKAGE
reporting.standing_still.take_in      UPLOAD_PACKAGE
reporting.verification.assign         ASSIGN_VERIFICATION
reporting.verification.assign_again   ASSIGN_VERIFICATION
reporting.verification.withdraw       ASSIGN_VERIFICATION
reporting.verification.reassign       ASSIGN_VERIFICATION
reporting.verification.stop           ASSIGN_VERIFICATION
reporting.verification.settle         VERIFY
reporting.verification.settle_all     VERIFY
reporting.verification.confirm_all    VERIFY
reporting.verification.conclude       VERIFY
reporting.verification.approve        APPROVE_VERIFICATION
reporting.verification.send_back      APPROVE_VERIFICATION
reporting.verification.take_back      VERIFY
allocation.accounts.freeze            FREEZE_ACCOUNT
allocation.accounts.unfreeze          FREEZE_ACCOUNT
allocation.balance_values.request     COMPUTE_BALANCE_VALUE
allocation.balance_values.publish     PUBLISH_BALANCE_VALUE
allocation.balance_values.withdraw    COMPUTE_BALANCE_VALUE
allocation.batches.prepare_sectors    PREPARE_RUN
allocation.deductions.enter           ENTER_DEDUCTION
allocation.deductions.import_table    ENTER_DEDUCTION
allocation.deductions.approve         APPROVE_DEDUCTION
allocation.deductions.refuse          APPROVE_DEDUCTION ENTER_DEDUCTION
allocation.differentiated.propose     MARK_DIFFERENTIATION
allocation.differentiated.approve     APPROVE_DIFFERENTIATION
allocation.differentiated.refuse      APPROVE_DIFFERENTIATION
allocation.differentiated.withdraw    MARK_DIFFERENTIATION
allocation.differentiated.ask_lift    MARK_DIFFERENTIATION
allocation.differentiated.lift        APPROVE_DIFFERENTIATION
allocation.issue.prepare              PREPARE_ISSUE
allocation.issue.execute              EXECUTE_ISSUE
allocation.issue.collect              EXECUTE_ISSUE
allocation.letters.write              SEND_LETTER
allocation.letters.send               SEND_LETTER
allocation.letters.discard            SEND_LETTER
allocation.notices.send               SEND_NOTICE
allocation.objections.draft           DRAFT_OBJECTION
allocation.objections.redraft         DRAFT_OBJECTION
allocation.objections.file            FILE_OBJECTION
allocation.objections.hand_back       FILE_OBJECTION
allocation.objections.withdraw        WITHDRAW_OBJECTION
allocation.objections.propose         ANSWER_OBJECTION
allocation.objections.send_back       DECIDE_OBJECTION
allocation.objections.decide          DECIDE_OBJECTION
allocation.oddities.confirm           COMPUTE_BALANCE_VALUE
allocation.recomputations.request     COMPUTE_BALANCE_VALUE
allocation.releases.propose           PROPOSE_RELEASE
allocation.releases.approve           APPROVE_RELEASE
allocation.releases.execute           EXECUTE_RELEASE
allocation.releases.refuse            APPROVE_RELEASE EXECUTE_RELEASE
allocation.releases.withdraw          PROPOSE_RELEASE
allocation.revocations.enter          ENTER_DEDUCTION
allocation.revocations.approve        APPROVE_DEDUCTION
allocation.revocations.refuse         APPROVE_DEDUCTION ENTER_DEDUCTION
allocation.runs.acts.prepare          PREPARE_RUN
allocation.runs.acts.approve          APPROVE_RUN
allocation.runs.acts.refuse           APPROVE_RUN
allocation.runs.acts.cancel           PREPARE_RUN
allocation.surrender.request          REQUEST_SURRENDER
allocation.surrender.confirm          CONFIRM_SURRENDER
allocation.surrender.approve          APPROVE_SURRENDER
allocation.surrender.execute          EXECUTE_SURRENDER
allocation.surrender.refuse           CONFIRM_SURRENDER APPROVE_SURRENDER EXECUTE_SURRENDER
allocation.surrender.withdraw         REQUEST_SURRENDER CONFIRM_SURRENDER
allocation.trades.execution.execute   EXECUTE_TRADES
allocation.trades.execution.refuse    EXECUTE_TRADES
allocation.trades.execution.withdraw  PROPOSE_TRADES
allocation.trades.proposal.propose    PROPOSE_TRADES
"""


def services() -> dict[str, tuple[str, ...]]:
    """Service → the acts as which it is done."""
    return {name: tuple(acts) for name, *acts in (line.split() for line in SERVICES.strip().splitlines())}


def table() -> dict[str, dict[str, str]]:
    """Act → seat → letter of its reach; a seat that never does it is missing."""
    found = {}
    for line in TABLE.strip().splitlines():
        act, *groups = line.split()
        letters = "".join(groups)
        assert len(letters) == len(SEATS), act
        found[act] = {seat: letter for seat, letter in zip(SEATS, letters, strict=True) if letter != "-"}
    return found
