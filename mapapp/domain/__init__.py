"""Plain values every other part speaks in: sources, claims, incidents, dates, places, selections."""
