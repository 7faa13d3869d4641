-- carer_clashes: delivered or extra visits that begin while the same carer is still at an earlier one, found across people (HLD-3 DUP).
-- By the clock, across midnight; of two that start together the later row. A visit is looked for on every day it touches.
WITH timed AS (
    SELECT "row", carer_id, date, (date - DATE '2000-01-01') * 1440 + start_minute AS start_at, coalesce(delivered_minutes, 0) AS minutes
    FROM reported
    WHERE carer_id IS NOT NULL AND NOT is_total AND outcome IN ('delivered', 'extra') AND start_minute IS NOT NULL
),
touched AS (
    SELECT "row", carer_id, date, start_at, start_at + minutes AS end_at FROM timed
    UNION ALL
    SELECT "row", carer_id, date + unnest(range(1, (start_at % 1440 + minutes) // 1440 + 1))::INTEGER, start_at, start_at + minutes
    FROM timed
    WHERE start_at % 1440 + minutes > 1440
)
SELECT v."row"
FROM timed v
SEMI JOIN touched earlier
    ON earlier.carer_id = v.carer_id AND earlier.date = v.date AND earlier.end_at > v.start_at
    AND (earlier.start_at < v.start_at OR (earlier.start_at = v.start_at AND earlier."row" < v."row"))
