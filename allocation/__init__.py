"""What may be emitted, and is owed: plans, balance values, runs, letters, the ledger, compliance. docs/architecture.md
leads through the rooms.
"""
