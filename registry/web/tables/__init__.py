"""The registry's lists, by what they list."""
