"""Statements of killed and wounded in a sentence."""

from mapapp.reading.figures.finder import FigureFinder
from mapapp.reading.figures.statements import Predicate, Statement

__all__ = ["FigureFinder", "Predicate", "Statement"]
