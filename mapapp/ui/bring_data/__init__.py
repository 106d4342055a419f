"""The page where a file is brought, looked at and imported."""
