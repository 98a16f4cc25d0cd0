"""Reporting's lists, by what they list."""
