"""Values that stand in every app, plain Python each: exact numbers and their rounding (`exact`), the one way to write
data as bytes (`canonical`), the credit code (`credit_code`), the sectors (`sectors`), names in both languages
(`bilingual`) and as they are typed on a Latin keyboard (`pinyin`), how figures and days are written (`figures`, units
of measure in `measures`) and read back from where they were printed (`printed`).
"""
