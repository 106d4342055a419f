"""Who is reading: sign-in, account, and a store that cannot be written."""
