"""Pages of control plans: who has one, a plan and its way through three pairs of hands (`plans`), `writing` it, its `versions`
side by side; what they all ask is `asked`.
"""
