"""The role homes: what waits for a person, by when, and how things stand."""
