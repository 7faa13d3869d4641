-- unplaced: actuals that name no line we know (HLD-3 UNP), by the Monday week of their date. Said once, by the first part.
WITH strangers AS MATERIALIZED (
    SELECT a.line_id, a.date, a.kind, a.submitted_at FROM actuals a ANTI JOIN lines l USING (line_id)
)
SELECT DISTINCT a.line_id, week_of(a.date, 1) AS week
FROM strangers a
WHERE getvariable('strangers')::BOOLEAN
    AND (CASE WHEN a.kind = 'week' THEN week_of(a.date, 1) ELSE a.date END) <= getvariable('through')::DATE
    AND (getvariable('as_of')::TIMESTAMP IS NULL OR a.submitted_at IS NULL OR a.submitted_at <= getvariable('as_of')::TIMESTAMP)
