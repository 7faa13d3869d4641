-- doubled_visits: visits that begin before the latest end of an earlier-starting visit on the same line and day (HLD-3 DUP).
-- Delivered or extra, both timed; of two that start together the later row.
WITH timed AS (
    SELECT "row", line_no, date, start_minute, start_minute + coalesce(delivered_minutes, 0) AS end_minute
    FROM reported
    WHERE NOT is_total AND outcome IN ('delivered', 'extra') AND start_minute IS NOT NULL
)
SELECT v."row"
FROM timed v
SEMI JOIN timed earlier
    ON earlier.line_no = v.line_no AND earlier.date = v.date AND earlier.end_minute > v.start_minute
    AND (earlier.start_minute < v.start_minute OR (earlier.start_minute = v.start_minute AND earlier."row" < v."row"))
