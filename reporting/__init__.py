"""What was emitted: monthly packages with evidence, review, annual reports, verification, verified results.
docs/architecture.md leads through the rooms.
"""
