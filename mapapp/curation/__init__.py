"""Records and their claims written in the browser, checked by the rules that seeds are checked by."""
