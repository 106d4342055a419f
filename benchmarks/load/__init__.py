"""Readers by the dozen in real websocket sessions, and what a server does under them."""
