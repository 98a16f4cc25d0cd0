"""How stored codes read on pages and the tone of each state (`codes`), what allocation's acts and jobs are called
(`journal`), the sentences of its `messages`, and a plan in sentences (`plan_in_words`).
"""

from allocation.labels.codes import (
    BALANCE_VALUE_TONES,
    CASES,
    DEDUCTION_TONES,
    DIFFERENTIATION_TONES,
    INPUTS,
    LETTER_TONES,
    OBJECTION_TONES,
    RECOMPUTATION_TONES,
    RELEASE_TONES,
    RUN_BOARD_STATES,
    RUN_BOARD_TONES,
    RUN_TONES,
    SECTIONS,
    STEPS,
    SURRENDER_TONES,
    TRADE_IMPORT_TONES,
)

__all__ = [
    "BALANCE_VALUE_TONES",
    "CASES",
    "DEDUCTION_TONES",
    "DIFFERENTIATION_TONES",
    "INPUTS",
    "LETTER_TONES",
    "OBJECTION_TONES",
    "RECOMPUTATION_TONES",
    "RELEASE_TONES",
    "RUN_BOARD_STATES",
    "RUN_BOARD_TONES",
    "RUN_TONES",
    "SECTIONS",
    "STEPS",
    "SURRENDER_TONES",
    "TRADE_IMPORT_TONES",
]
