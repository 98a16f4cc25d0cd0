"""From a file's bytes to a content and findings: the package is safe to open (`safety`), its sheets are found
(`survey`, `grid`, `copies`), cells become values (`cells`, `precision`), rows and registers (`tables`,
`registers`, `reasons`), and all of it a content (`read`). What a person types on a page goes the same way (`typed`,
`typed_records`).
"""
