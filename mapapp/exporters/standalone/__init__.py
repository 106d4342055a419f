"""The standalone page: one HTML file that needs no server."""
