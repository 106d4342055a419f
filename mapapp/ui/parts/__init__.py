"""Parts that several pages use: templates, components, the map, the timeline, the table."""
