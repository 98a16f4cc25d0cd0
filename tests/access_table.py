"""Who may do what, written by hand from the rules (market.md §1, §2, §4; allocation.md §1, §4, §5) and the platform's own decisions.

Never derived from `registry.permissions.MATRIX`: it is the other copy of one decision, so that a permission that was widened or narrowed
there fails here. A permission is changed in both places, on purpose.

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
ENTER_UNITS               -- - p- -- a- -
VIEW_DIRECTORY            aa a aa aa aa a
VIEW_DIRECTORY_REASON     uu - pp -- aa a
VIEW_DIRECTORY_PROPOSAL   -- - pp -- aa a
PROPOSE_DIRECTORY         -- - p- -- -- -
APPROVE_DIRECTORY         -- - -p -- -- -
VIEW_PERSON               -- - pp -- aa a
PROPOSE_PERSON            -- - p- -- a- -
APPROVE_PERSON            -- - -p -- -a -
VIEW_JOURNAL              -- - pp aa aa a
VIEW_ACT_RECEIPT          ss s ss ss ss a
VIEW_JOB                  ss s ss ss ss a
VIEW_NOTIFICATION         ss s ss ss ss s
KEEP_VIEW                 ss s ss ss ss s
TAKE_LIST                 ss s ss ss ss s
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
CONFIRM_PACKAGE           -u - -- -- -- -
VIEW_WAY_OF_SUBMITTING    uu - -- -- -- a
CHOOSE_WAY_OF_SUBMITTING  -u - -- -- -- -
REVIEW_PACKAGE            -- - p- -- -- -
VIEW_QUEUE                -- - pp aa aa a
VIEW_OWN_DAY              -- - pp -- -- a
SET_OWN_DAY               -- - -p -- -- -
ASSIGN_REVIEW             -- - pp -- -- -
VIEW_NOTE                 -- - pp -- -- a
WRITE_NOTE                -- - pp -- -- -
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
    ("PROPOSE_PERSON", "APPROVE_PERSON"),
    ("PROPOSE_PARAMETER", "APPROVE_PARAMETER"),
    ("EDIT_CONTROL_PLAN", "SUBMIT_CONTROL_PLAN"),
    ("SUBMIT_CONTROL_PLAN", "REVIEW_CONTROL_PLAN"),
    ("UPLOAD_PACKAGE", "REVIEW_PACKAGE"),
    ("SUBMIT_PACKAGE", "REVIEW_PACKAGE"),
    ("SUBMIT_PACKAGE", "CONFIRM_PACKAGE"),
    ("CONFIRM_PACKAGE", "REVIEW_PACKAGE"),
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
registry.people.seats.propose                PROPOSE_PERSON
registry.people.seats.propose_end            PROPOSE_PERSON
registry.people.seats.approve                APPROVE_PERSON
registry.people.seats.refuse                 APPROVE_PERSON
registry.people.seats.withdraw               PROPOSE_PERSON
registry.people.seats.invite                 APPROVE_PERSON
registry.directory.unit_import.entering.enter_units  ENTER_UNITS
registry.directory.acts.propose_entry      PROPOSE_DIRECTORY
registry.directory.acts.propose_exit       PROPOSE_DIRECTORY
registry.directory.acts.decide             APPROVE_DIRECTORY
registry.directory.acts.withdraw           PROPOSE_DIRECTORY
registry.directory.many.propose_entries    PROPOSE_DIRECTORY
registry.directory.many.approve_entries    APPROVE_DIRECTORY
registry.people.mandates.offer               OFFER_MANDATE
registry.people.mandates.accept              ACCEPT_MANDATE
registry.people.mandates.end                 END_MANDATE
registry.people.saved_views.save           KEEP_VIEW
registry.people.saved_views.rename         KEEP_VIEW
registry.people.saved_views.delete         KEEP_VIEW
registry.parameters.acts.propose           PROPOSE_PARAMETER
registry.parameters.acts.decide            APPROVE_PARAMETER
registry.parameters.acts.withdraw          PROPOSE_PARAMETER
registry.people.tokens.grant                 GRANT_TOKEN
registry.people.tokens.revoke                REVOKE_TOKEN
registry.parameters.working_years.propose        PROPOSE_PARAMETER
registry.parameters.working_years.decide         APPROVE_PARAMETER
registry.parameters.working_years.withdraw       PROPOSE_PARAMETER
reporting.filing.annual.prepare              PREPARE_ANNUAL_REPORT
reporting.filing.annual.file                 FILE_ANNUAL_REPORT
reporting.filing.annual.return_to_clerk            FILE_ANNUAL_REPORT
reporting.filing.annual.send_back            RETURN_ANNUAL_REPORT
reporting.filing.bulk.receive                BULK_UPLOAD
reporting.filing.bulk.choose                 BULK_UPLOAD
reporting.filing.bulk.submit_clean           SUBMIT_PACKAGE
reporting.filing.bulk.to_submit              SUBMIT_PACKAGE
reporting.review.bulk_accept.ask             REVIEW_PACKAGE
reporting.review.bulk_accept.fit             REVIEW_PACKAGE
reporting.correction.drafts.keep      UPLOAD_PACKAGE
reporting.correction.drafts.discard   UPLOAD_PACKAGE
reporting.correction.saving.save      UPLOAD_PACKAGE
reporting.filing.deadlines.extend            EXTEND_DEADLINE
reporting.filing.deadlines.grant             EXTEND_DEADLINE
reporting.filing.extending_many.extend_many  EXTEND_DEADLINE
reporting.evidence.attaching.attach   UPLOAD_PACKAGE
reporting.evidence.attaching.withdraw UPLOAD_PACKAGE
reporting.filing.intake.open_package         UPLOAD_PACKAGE
reporting.filing.intake.receive              UPLOAD_PACKAGE
reporting.filing.intake.read_again           UPLOAD_PACKAGE
reporting.filing.intake.answer               UPLOAD_PACKAGE
reporting.filing.intake.submit               SUBMIT_PACKAGE
reporting.filing.submitting.submit           SUBMIT_PACKAGE CONFIRM_PACKAGE
reporting.filing.submitting.end              SUBMIT_PACKAGE CONFIRM_PACKAGE
reporting.filing.handing_over.hand_over      SUBMIT_PACKAGE
reporting.filing.handing_over.confirm        CONFIRM_PACKAGE
reporting.filing.handing_over.send_back      CONFIRM_PACKAGE
reporting.filing.handing_over.take_back      SUBMIT_PACKAGE
reporting.filing.way_of_submitting.choose    CHOOSE_WAY_OF_SUBMITTING
reporting.submissions.control_plans.open_plan          EDIT_CONTROL_PLAN
reporting.submissions.control_plans.save               EDIT_CONTROL_PLAN
reporting.submissions.control_plans.prepare            EDIT_CONTROL_PLAN
reporting.submissions.control_plans.submit             SUBMIT_CONTROL_PLAN
reporting.submissions.control_plans.accept             REVIEW_CONTROL_PLAN
reporting.submissions.control_plans.send_back          REVIEW_CONTROL_PLAN
reporting.submissions.control_plans.revise             EDIT_CONTROL_PLAN
reporting.review.questions.ask               REVIEW_PACKAGE
reporting.review.questions.reply             REPLY_QUESTION
reporting.review.own_days.choose           SET_OWN_DAY
reporting.review.assigning.give            ASSIGN_REVIEW
reporting.review.notes.write               WRITE_NOTE
reporting.review.acts.accept               REVIEW_PACKAGE
reporting.review.acts.send_back            REVIEW_PACKAGE
reporting.review.acts.reopen               REVIEW_PACKAGE
reporting.filing.standing_still.take_in      UPLOAD_PACKAGE
reporting.verification.assigning.assign    ASSIGN_VERIFICATION
reporting.verification.assigning.assign_again ASSIGN_VERIFICATION
reporting.verification.assigning.withdraw  ASSIGN_VERIFICATION
reporting.verification.assigning.reassign  ASSIGN_VERIFICATION
reporting.verification.assigning.stop      ASSIGN_VERIFICATION
reporting.verification.acts.settle         VERIFY
reporting.verification.acts.settle_all     VERIFY
reporting.verification.acts.confirm_all    VERIFY
reporting.verification.acts.conclude       VERIFY
reporting.verification.acts.approve        APPROVE_VERIFICATION
reporting.verification.acts.send_back      APPROVE_VERIFICATION
reporting.verification.acts.take_back      VERIFY
allocation.ledger.accounts.freeze            FREEZE_ACCOUNT
allocation.ledger.accounts.unfreeze          FREEZE_ACCOUNT
allocation.balance_values.acts.request     COMPUTE_BALANCE_VALUE
allocation.balance_values.acts.publish     PUBLISH_BALANCE_VALUE
allocation.balance_values.acts.withdraw    COMPUTE_BALANCE_VALUE
allocation.runs.batches.prepare_sectors    PREPARE_RUN
allocation.deductions.acts.enter           ENTER_DEDUCTION
allocation.deductions.acts.import_table    ENTER_DEDUCTION
allocation.deductions.acts.approve         APPROVE_DEDUCTION
allocation.deductions.acts.refuse          APPROVE_DEDUCTION ENTER_DEDUCTION
allocation.withholding.designations.propose     MARK_DIFFERENTIATION
allocation.withholding.designations.approve     APPROVE_DIFFERENTIATION
allocation.withholding.designations.refuse      APPROVE_DIFFERENTIATION
allocation.withholding.designations.withdraw    MARK_DIFFERENTIATION
allocation.withholding.designations.ask_lift    MARK_DIFFERENTIATION
allocation.withholding.designations.lift        APPROVE_DIFFERENTIATION
allocation.letters.issuance.prepare              PREPARE_ISSUE
allocation.letters.issuance.execute              EXECUTE_ISSUE
allocation.letters.issuance.collect              EXECUTE_ISSUE
allocation.letters.acts.write              SEND_LETTER
allocation.letters.acts.send               SEND_LETTER
allocation.letters.acts.discard            SEND_LETTER
allocation.compliance.notices.send               SEND_NOTICE
allocation.objections.acts.draft           DRAFT_OBJECTION
allocation.objections.acts.redraft         DRAFT_OBJECTION
allocation.objections.acts.file            FILE_OBJECTION
allocation.objections.acts.return_to_clerk       FILE_OBJECTION
allocation.objections.acts.withdraw        WITHDRAW_OBJECTION
allocation.objections.acts.propose         ANSWER_OBJECTION
allocation.objections.acts.send_back       DECIDE_OBJECTION
allocation.objections.acts.decide          DECIDE_OBJECTION
allocation.balance_values.outliers.confirm           COMPUTE_BALANCE_VALUE
allocation.balance_values.recomputations.request     COMPUTE_BALANCE_VALUE
allocation.withholding.releases.propose           PROPOSE_RELEASE
allocation.withholding.releases.approve           APPROVE_RELEASE
allocation.withholding.releases.execute           EXECUTE_RELEASE
allocation.withholding.releases.refuse            APPROVE_RELEASE EXECUTE_RELEASE
allocation.withholding.releases.withdraw          PROPOSE_RELEASE
allocation.deductions.revocations.enter          ENTER_DEDUCTION
allocation.deductions.revocations.approve        APPROVE_DEDUCTION
allocation.deductions.revocations.refuse         APPROVE_DEDUCTION ENTER_DEDUCTION
allocation.runs.acts.prepare          PREPARE_RUN
allocation.runs.acts.approve          APPROVE_RUN
allocation.runs.acts.refuse           APPROVE_RUN
allocation.runs.acts.cancel           PREPARE_RUN
allocation.compliance.surrender.request          REQUEST_SURRENDER
allocation.compliance.surrender.confirm          CONFIRM_SURRENDER
allocation.compliance.surrender.approve          APPROVE_SURRENDER
allocation.compliance.surrender.execute          EXECUTE_SURRENDER
allocation.compliance.surrender.refuse           CONFIRM_SURRENDER APPROVE_SURRENDER EXECUTE_SURRENDER
allocation.compliance.surrender.withdraw         REQUEST_SURRENDER CONFIRM_SURRENDER
allocation.ledger.trades.execution.execute   EXECUTE_TRADES
allocation.ledger.trades.execution.refuse    EXECUTE_TRADES
allocation.ledger.trades.execution.withdraw  PROPOSE_TRADES
allocation.ledger.trades.proposal.propose    PROPOSE_TRADES
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
