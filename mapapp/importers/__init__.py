"""Files people write or download, read into sources, records and claims, with problems named."""
