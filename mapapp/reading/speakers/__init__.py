"""Who says what in a sentence."""

from mapapp.reading.speakers.finder import SpeechFinder
from mapapp.reading.speakers.speech import Speech, Voice

__all__ = ["Speech", "SpeechFinder", "Voice"]
