"""Maps and charts of a selection as SVG and PNG."""
