"""What browsers meet: `views` with their `forms`, `tables` and `filters`, what their acts are about to do and have done
(`consequences`), and tables to take away (`export`).
"""
