"""What makes a run provable: computed again from its manifest, handed out in a signed bundle, compared with another, explained.

`rerun` computes it again, `bundle` hands it out and `verifying` checks that copy; `comparison` and `issuing` set
two runs side by side, and `effects` says what changed a line.
"""
