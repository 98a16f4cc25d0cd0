"""What browsers and enterprises' systems meet: `views` with their `forms`, `tables` and `filters`, and the `api`;
what their acts are about to do and have done (`consequences`), and an acceptance in bulk (`accepting_many`); which
<<<<<<< HEAD
deadlines are extended together (`extending`), which body a report is given to (`assigning`); what it says of a month
that is with the approver (`handed`).
=======
deadlines are extended together (`extending`), and the day that an authority sets itself (`own_day_set`); what it says
of a month that is with the approver (`handed`).
>>>>>>> e58064ad (Let an authority set its own day for the review, within the law's 40)
"""
