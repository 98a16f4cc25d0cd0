"""What an upload becomes: how much may come in (`upload_limits`), what reading it gives (`reading`), with the control
plan in force (`control_plans`) and the line's peers (`peers`) beside it; the reasons for warnings that it holds itself
(`written_reasons`); the digest of what was accounted
(`accounted_digest`); its risk, from points (`risk_points`) to the score on the row (`risk_facts`); and what a
changed threshold would have found (`threshold_effects`).
"""
