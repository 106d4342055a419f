"""The map: the folium classes, and the scripts and styles that draw it in the browser."""
