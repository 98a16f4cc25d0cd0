"""A steel works: one line, whose carbon balance stands beside its processes. What `tables`, `accounting`, `form`, `checks`,
`dependents` and `official_tables` are is said in quota_site.sectors.
"""
