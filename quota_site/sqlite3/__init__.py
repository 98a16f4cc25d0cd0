"""SQLite as the embedded database: Django's own backend, with a better way to wait for its one writer."""
