-- carer_clashes: delivered or extra visits that begin while the same carer is still at an earlier one, found across people (HLD-3 DUP).
-- By the clock, across midnight; of two that start together the later row.
WITH timed AS (
    SELECT "row", carer_id, (date - DATE '2000-01-01')::BIGINT * 1440 + start_minute AS start_at, coalesce(delivered_minutes, 0) AS minutes
    FROM reported
    WHERE carer_id IS NOT NULL AND NOT is_total AND outcome IN ('delivered', 'extra') AND start_minute IS NOT NULL
)
SELECT "row"
FROM timed
QUALIFY start_at < max(start_at + minutes) OVER (
    PARTITION BY carer_id ORDER BY start_at, "row" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
