"""Flat glass: melting lines, whose fuel is burnt, whose carbonates decompose and whose carbon powder oxidises. It reports and is
verified, and gets no quota. What `tables`, `accounting`, `form`, `checks` and `dependents` are is said in quota_site.sectors.
"""
