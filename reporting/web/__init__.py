"""What browsers and enterprises' systems meet: `views` with their `forms`, `tables` and `filters`, and the `api`."""
