"""How quota follows from verified results: plain Python without a database, exact to the tonne.

In the order of the work: facts of `line_facts`, the plan's `plan_rules`, `determination`, `balance` and its `influence`, the
whole at once (`vector`, `vector_balance`), `settlement` and the `compliance_status` of a day; for people
`explanation`, `report`, `distribution`, `outliers`, results `recomputed` later, as `shown`; and the `table` of the
command.
"""
