"""Who and what, and what every app needs: people and seats, units and lines, the yearly directory, the journal, jobs,
dated law. docs/architecture.md leads through the rooms.
"""
