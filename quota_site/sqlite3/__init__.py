"""SQLite as the embedded database: Django's own backend, with a better way to wait for its one writer.

`base` is where Django looks for the backend.
"""
