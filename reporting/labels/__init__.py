"""How stored codes read: what a term, a formula or a risk is about (`terms_in_words`), and what reporting's acts and jobs are
called (`journal`).
"""
