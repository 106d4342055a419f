"""Records that may be the same incident: suggestions, a person's decisions, totals without doubles.

Nothing is merged by itself: a suggestion is an explained score, a decision is a judgement in the
log that can be taken back, and both records always stay (snapshot → suggestions → judgement).
"""
