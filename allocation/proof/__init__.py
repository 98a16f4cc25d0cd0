"""What makes a run provable: computed again from its manifest, handed out in a signed bundle, compared with another, explained."""
