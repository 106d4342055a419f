"""The known forms of coded events: UCDP GED, ACLED, GTD, AWSD."""
