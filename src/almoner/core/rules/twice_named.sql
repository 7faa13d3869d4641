-- twice_named: rows that tell of a planned visit a second time, one of the two with a blank start time (LIN-2, HLD-3 DUP): of two that name the same
-- planned visit and would both pay, the later row. Rows with the same start time, or both without one, replace one another instead (replaced).
WITH pairs AS (
    SELECT least(t."row", b."row") AS earlier, greatest(t."row", b."row") AS later
    FROM reported t
    JOIN blank_starts b ON b.line_no = t.line_no AND b.date = t.date AND b.start_minute = t.start_minute
    WHERE NOT t.is_total AND t.outcome <> 'extra'
)
SELECT p.later AS "row"
FROM visits v
JOIN pairs p ON p.earlier = v.visit_no
WHERE v.exact_parts > 0 OR v.rate_missing
