"""Allocation's lists, by what they list."""
