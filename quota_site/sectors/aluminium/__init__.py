"""Electrolysis processes: anodes consumed, and anode effects. What `tables`, `accounting`, `form`, `checks`, `dependents`
and `official_tables` are is said in quota_site.sectors.
"""
