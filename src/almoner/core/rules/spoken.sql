-- spoken: what providers said, in narrow columns: every actual up to `through` (a total whose week begins by then), submitted by `as_of`, on
-- lines that are paid from visits (LIN-1). `visit_key` is line, day and minute (a total: line and week) in one number.
-- With `since` only from three weeks before it on, and of lines with frustrated visits as far back as looked_back says.
WITH counting AS (
    SELECT * FROM actuals WHERE date >= first_day_read()
    UNION ALL
    SELECT a.*
    FROM actuals a
    JOIN looked_back b ON b.line_id = a.line_id AND a.date >= b.from_date
    WHERE a.date < first_day_read() AND a.date >= first_day_searched()
    UNION ALL
    SELECT a.*
    FROM actuals a
    SEMI JOIN (SELECT line_id FROM looked_back WHERE from_date = DATE '0001-01-01') b USING (line_id)
    WHERE a.date < first_day_searched()
)
SELECT *,
    (line_no::BIGINT << 32) + ((CASE WHEN is_total THEN week ELSE date END) - DATE '1900-01-01') * 4096
        + CASE WHEN is_total THEN 4095 ELSE coalesce(start_minute + 1, 0) END AS visit_key
FROM (
    SELECT
        l.line_no, l.has_timetable, l.basis = 'planned' AS is_planned, a.date, week_of(a.date, l.first_weekday) AS week, a.kind = 'week' AS is_total,
        minute_of_day(a.start_time) AS start_minute,
        a.planned_minutes::INTEGER AS planned_minutes, a.delivered_minutes::INTEGER AS delivered_minutes, a.units::INTEGER AS units_hundredths,
        a.carers::INTEGER AS carers, a.outcome::outcomes AS outcome, a.reason, a.carer_id, a.submitted_at, a."row"
    FROM counting a
    JOIN kept_lines l USING (line_id)
    WHERE l.basis IN ('actuals', 'planned')
        AND (getvariable('as_of')::TIMESTAMP IS NULL OR a.submitted_at IS NULL OR a.submitted_at <= getvariable('as_of')::TIMESTAMP)
)
WHERE (CASE WHEN is_total THEN week ELSE date END) <= getvariable('through')::DATE
