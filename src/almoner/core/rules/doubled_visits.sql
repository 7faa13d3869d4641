-- doubled_visits: visits that begin before the latest end of an earlier-starting visit on the same line and day (HLD-3 DUP).
-- Delivered or extra, both timed.
SELECT "row"
FROM reported
WHERE NOT is_total AND outcome IN ('delivered', 'extra') AND start_minute IS NOT NULL
QUALIFY start_minute < max(start_minute + coalesce(delivered_minutes, 0)) OVER (
    PARTITION BY line_no, date ORDER BY start_minute, "row" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
