"""Plain values all other parts speak in: sources, claims, incidents, dates, selections."""
