"""The dashboard: Streamlit pages, view state ↔ URL, and the pure functions that prepare views."""
