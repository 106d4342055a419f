"""The statements that fill a public snapshot from the whole one (log → public snapshot)."""

from __future__ import annotations

from typing import Final

#: What fills each table: `own` is what the gate changed, `own.touched` says which incidents of
#: `whole` are not to be copied. In the order of ids, as that of the log would tell which is which.
TABLES: Final = {
    "incidents": """
    INSERT INTO incidents BY NAME
    SELECT *, row_number() OVER () - 1 AS "row"
    FROM (
        SELECT * FROM (
            SELECT * FROM own.incidents UNION ALL BY NAME
            SELECT * EXCLUDE ("row") FROM whole.incidents w
            WHERE NOT EXISTS (SELECT 1 FROM own.touched WHERE touched.id = w.id)
        )
        ORDER BY month, cell, id
    )
    """,
    "claims": """
    INSERT INTO claims BY NAME
    SELECT * FROM (FROM own.claims ORDER BY incident_id, position) UNION ALL BY NAME
    SELECT * REPLACE (
        CASE WHEN contains(recorded_by, '@') THEN 'an editor' ELSE recorded_by END AS recorded_by
    )
    FROM whole.claims w
    WHERE NOT EXISTS (SELECT 1 FROM own.touched WHERE touched.id = w.incident_id)
    """,
    "records": """
    INSERT INTO records BY NAME
    SELECT * FROM (FROM own.records ORDER BY id) UNION ALL BY NAME
    SELECT * FROM whole.records w
    WHERE NOT EXISTS (SELECT 1 FROM own.touched WHERE touched.id = w.id)
    """,
    "rows": """
    INSERT INTO rows BY NAME
    SELECT * FROM (FROM own.rows ORDER BY id) UNION ALL BY NAME
    SELECT * REPLACE (
        CASE WHEN contains(recorded_by, '@') THEN 'an editor' ELSE recorded_by END AS recorded_by
    )
    FROM whole.rows w WHERE NOT EXISTS (SELECT 1 FROM own.touched WHERE touched.id = w.id)
    """,
}
#: A number for each table that follows from its rows in any order.
STATE: Final = """
    SELECT 'incidents' AS name, CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) AS n FROM incidents t
    UNION ALL SELECT 'claims', CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM claims t
    UNION ALL SELECT 'records', CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM records t
    UNION ALL SELECT 'rows', CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM rows t
    UNION ALL SELECT 'sources', CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM sources t
    UNION ALL SELECT 'judgements', CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM judgements t
    ORDER BY name
"""
#: The rows of one kind that are changed in columns.
CHANGED: Final = """
    SELECT i.* EXCLUDE ("row"), r.cells, r.claims, r.recorded_at,
        CASE WHEN contains(r.recorded_by, '@') THEN 'an editor' ELSE r.recorded_by END
            AS recorded_by
    FROM whole.rows r JOIN whole.incidents i USING (id) JOIN own.changed USING (id)
    WHERE changed.kind = $kind
"""
