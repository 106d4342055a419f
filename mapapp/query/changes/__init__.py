"""What changed between two states, and the replay of a citation."""
