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


def table() -> dict[str, dict[str, str]]:
    """Act → seat → letter of its reach; a seat that never does it is missing."""
    found = {}
    for line in TABLE.strip().splitlines():
        act, *groups = line.split()
        letters = "".join(groups)
        assert len(letters) == len(SEATS), act
        found[act] = {seat: letter for seat, letter in zip(SEATS, letters, strict=True) if letter != "-"}
    return found
