-- twice_named: rows that tell of a planned visit a second time, one of the two with a blank start time (LIN-2, HLD-3 DUP): of two that name the same
-- planned visit and would both pay, the later row. Rows with the same start time, or both without one, replace one another instead (replaced).
WITH blank AS (
    SELECT "row", line_no, date, named_start_minute FROM named WHERE start_minute IS NULL AND named_start_minute IS NOT NULL
),
pairs AS (
    SELECT least(t."row", b."row") AS earlier, greatest(t."row", b."row") AS later
    FROM named t
    JOIN blank b ON b.line_no = t.line_no AND b.date = t.date AND b.named_start_minute = t.named_start_minute
    WHERE t.start_minute IS NOT NULL
)
SELECT p.later AS "row"
FROM visits v
JOIN pairs p ON p.earlier = v.visit_no
WHERE v.exact_parts > 0 OR v.rate_missing
