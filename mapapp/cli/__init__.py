"""The command line (`python -m mapapp`)."""

from mapapp.cli.parser import main

__all__ = ["main"]
