"""Records written in the browser, checked by the same rules as the seeds (form → log)."""
