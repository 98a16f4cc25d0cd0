"""The role homes: what waits for a person, by when, and how things stand.

`views` choose by role; `desks` say what waits, `deadlines` by when, `year` how a unit's year stands, `sector_standings`
how each sector's, `beginnings` what comes first while there is nothing yet.
"""
