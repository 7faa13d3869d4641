-- reported: what providers said, each visit and each week's total once (LIN-1, LIN-6).
-- A row with the same line, date and start time (week totals: line and week) as another replaces it: the later submitted_at, then
-- the later row, wins. Only days up to `through` (a total whose week begins by then), submitted by `as_of`, on lines that are paid from visits.
WITH known AS (
    SELECT
        l.line_no, l.person_id, l.has_timetable, a.date, week_of(a.date, l.first_weekday) AS week, a.kind = 'week' AS is_total,
        minute_of_day(a.start_time) AS start_minute,
        a.planned_minutes, a.delivered_minutes, a.units AS units_hundredths, a.carers, a.carer_id, a.outcome, a.reason,
        a.submitted_at, a."row"
    FROM actuals a
    JOIN package_lines l USING (line_id)
    WHERE l.basis IN ('actuals', 'planned')
        AND (getvariable('as_of')::TIMESTAMP IS NULL OR a.submitted_at IS NULL OR a.submitted_at <= getvariable('as_of')::TIMESTAMP)
        AND (CASE WHEN a.kind = 'week' THEN week_of(a.date, l.first_weekday) ELSE a.date END) <= getvariable('through')::DATE
)
SELECT *
FROM known
QUALIFY row_number() OVER (
    PARTITION BY line_no, CASE WHEN is_total THEN week ELSE date END, is_total, CASE WHEN is_total THEN NULL ELSE start_minute END
    ORDER BY submitted_at DESC NULLS LAST, "row" DESC) = 1
