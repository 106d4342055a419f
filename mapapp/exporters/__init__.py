"""Incidents with their claims and sources written out for other tools."""
