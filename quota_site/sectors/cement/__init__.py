"""Clinker lines: fuel burnt, and what the raw meal gives off. What `tables`, `accounting`, `form`, `checks`, `dependents`
and `official_tables` are is said in quota_site.sectors.
"""
