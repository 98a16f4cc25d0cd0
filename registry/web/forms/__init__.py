"""The registry's forms, by what they are about."""
