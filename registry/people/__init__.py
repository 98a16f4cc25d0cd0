"""People and how they get in: seats that two people give and end (`seats`), also many from a table (`seat_table`);
passwords (`password_rules`, what the journal says of them in `password_events`), caps on guessing (`guessing`) and on
requests (`throttling`), where a person is signed in (`sessions`) and how they can be reached (`contact`), tokens of a
unit's systems (`tokens`), mandates to file for another unit (`mandates`), and the views of lists that each keeps
(`saved_views`).
"""
