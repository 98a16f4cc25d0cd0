"""The sectors: a folder for each, found by its name and listed nowhere.

    sector.toml        its name and words, how its capacity is measured, which kinds of line it has, since when it gets quota
    tables             what a line's output is counted from, what it is fed with, what every month must state
    accounting         its terms and totals, and the data that verification confirms
    form               its workbook and the rows of the summary
    checks             what is usual in it and in no other
    dependents         which verified datum follows from which
    official_tables    its columns in the tables of the official letter; only where it gets quota

Its factors are reporting/guidelines/<sector>-<version>.toml, and how its quota is determined says each plan that covers it
(allocation.plans). What a part holds stands where it is asked for: registry.values.sectors, reporting.content.tables,
reporting.accounting.sector, reporting.workbook.sector, reporting.checks.sector, reporting.verification.sector,
allocation.letters.official_tables.sector. They ask by the sector's name: no room imports a sector, for the sectors are made of what the
rooms offer.
"""
