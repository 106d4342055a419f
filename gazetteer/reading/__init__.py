"""What a phrase or a sentence says, before anything is looked up."""
