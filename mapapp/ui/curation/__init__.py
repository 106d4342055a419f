"""The form where records are added and changed."""
