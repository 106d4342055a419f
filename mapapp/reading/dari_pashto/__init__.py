"""Dari and Pashto: what a sentence of either says, in the same terms as of an English one.

Figures, days, plain speakers and plain words on who did it are read; the rest stays open. Both
languages put the verb last, so that one set of rules does for both, over a table of words.
"""
