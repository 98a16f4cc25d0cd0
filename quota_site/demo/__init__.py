"""A demonstration country: `invented` data, `years` of `acts` by everyone in it, done by the machinery of `running`;
`build` puts them together, and the `summary` is `printed`.
"""
