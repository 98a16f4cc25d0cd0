"""People and how they get in: passwords (`password_rules`, what the journal says of them in `password_events`), caps
on guessing (`guessing`) and on requests (`throttling`), tokens of a unit's systems (`tokens`), mandates to file for
another unit (`mandates`), and the views of lists that each keeps (`saved_views`).
"""
