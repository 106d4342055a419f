"""Curated incidents: folders of YAML files, read and checked."""
