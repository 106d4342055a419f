"""Spellings and how they sound: folded, phonetic and numbered forms, and their index."""
