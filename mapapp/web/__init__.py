"""ASGI routes for data and assets, mounted beside the page (query → route)."""

from mapapp.web.router import routes

__all__ = ["routes"]
