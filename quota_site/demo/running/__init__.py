"""How a country is built: on empty `ground` that is marked as ours (`mark`), with the `people` that the registry must
know and the `world` as the database knows it; acts (each an `event`) come in the order of a `timeline`, at instants
of the office `clock`, done by several processes (`workers`, `worker_process`) that do their jobs at once
(`eager_jobs`).
"""
