"""What browsers meet: `views` with their `forms`, `tables` and `filters`, and tables to take away (`export`)."""
