"""What the server does for every route: access, security, limits, logs, health."""
