"""What of reporting is bound to the journal (`sealed`), checked every night (`nightly`) and by command (`verifying`)."""
