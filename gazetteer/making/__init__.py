"""The steps of `python -m gazetteer.build`: wheels and curated CSVs to data files."""
