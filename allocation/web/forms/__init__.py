"""Allocation's forms, by what they are about."""
