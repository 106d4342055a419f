"""Which places the words can mean: looked up, resolved together, ranked."""
