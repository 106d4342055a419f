"""What a cell of a table says: numbers, days, countries, places."""
