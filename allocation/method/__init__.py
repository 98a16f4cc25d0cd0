"""How quota follows from verified results: plain Python without a database, exact to the tonne.

lines           what determination is told about a line
rules           the plan's rules for a sector and year, and the cases
determination   the rules, in the order in which they are asked
balance         the balance value
vector          the same determination for very many lines
explanation     one line's determination unfolded
report          totals, and what stands beside a balance value
shown           how the exact ratios are written for people
table           the CSV table of `manage.py determine`
"""
