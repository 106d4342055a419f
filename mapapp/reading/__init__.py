"""Reads a news page: words become draft incidents, each value with the words it stands on."""

from mapapp.reading.model import Draft, Question, Reading, Span, Value
from mapapp.reading.reader import read

__all__ = ["Draft", "Question", "Reading", "Span", "Value", "read"]
