"""Whether what is kept still is what was recorded: what of the registry is bound to the journal (`sealed`), the
nightly integrity checks (`nightly`), and everything at once by command (`verifying`).
"""
