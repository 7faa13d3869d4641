-- carer_clashes: delivered or extra visits that begin while the same carer is still at an earlier one, found across people (HLD-3 DUP).
-- By the clock, across midnight; of two that start together the later row.
WITH timed AS (
    SELECT r."row", a.carer_id, (r.date - DATE '2000-01-01') * 1440 + r.start_minute AS start_at, coalesce(r.delivered_minutes, 0) AS minutes
    FROM reported r
    JOIN actuals a ON a."row" = r."row"
    WHERE a.carer_id IS NOT NULL AND NOT r.is_total AND r.outcome IN ('delivered', 'extra') AND r.start_minute IS NOT NULL
)
SELECT "row"
FROM timed
QUALIFY start_at < max(start_at + minutes) OVER (
    PARTITION BY carer_id ORDER BY start_at, "row" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
