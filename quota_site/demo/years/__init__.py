"""The years in their order: `year_2024` closed, `year_2025` in the middle of its surrender, `year_2026` running."""
