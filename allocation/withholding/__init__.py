"""Units under differentiated issuance 差异化发放: designated by two people of the province on a ground of the plan
(`designations`), and what remains of the withheld quota released (`releases`).
"""
