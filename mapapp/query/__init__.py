"""The query layer: a selection's filters, and the dashboard's questions to a snapshot."""

from mapapp.query.dashboard import Dashboard
from mapapp.query.filters.link import params_to_selection, selection_to_params
from mapapp.query.filters.sentence import ActivePart, active_parts, sentence
from mapapp.query.filters.words import Labels
from mapapp.query.questions.facets import Facet
from mapapp.query.questions.figures import Figures, RangeTotal
from mapapp.query.questions.rows import IncidentDetail, Related

__all__ = [
    "ActivePart",
    "Dashboard",
    "Facet",
    "Figures",
    "IncidentDetail",
    "Labels",
    "RangeTotal",
    "Related",
    "active_parts",
    "params_to_selection",
    "selection_to_params",
    "sentence",
]
