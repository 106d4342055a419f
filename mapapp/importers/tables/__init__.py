"""Files of rows: delimited text, JSON, workbooks, Parquet, archives."""
