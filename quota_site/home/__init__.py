"""The role homes: what waits for a person, by when, and how things stand.

`views` choose by role; `desks` say what waits, `deadlines` by when, `year` how the year stands,
`beginnings` what comes first while there is nothing yet.
"""
