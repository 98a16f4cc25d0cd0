"""Pages of the province's officers: their `desk`, going on `in_queue`, `accepting` many months at once, days of their own
(`own_days`), and what stays `inside` the authority.
"""
