"""The head of the dashboard: title, figures, filters, rule."""
