"""Pages of runs: a run and its acts (`runs`), its `tables` and `scope`, each line explained (`explained`),
`comparisons`, `proofs`, and what a forecast would bring (`prospects`).
"""
