"""From a definition and a content to a file: sheets are laid out (`pages`, `records`, `reasons`, `styles`), formulas say what the
platform computes (`formulas`, `summary`, `penalties`), and either a template with formulas (`template`, `write`) or
results (`results`) is rendered (`render`).
"""
