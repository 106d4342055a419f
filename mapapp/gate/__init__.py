"""What may leave: the owner's rules, coarsened places and fields, and the public snapshots."""
