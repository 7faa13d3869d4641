-- looked_back: lines with a frustrated visit since `first_day_read()`, and from which day on what was said of them before counts: days of frustrated
-- visits are counted since the line's last delivered one (PRC-5). That is a delivered visit of the five weeks before that nothing can have
-- replaced, the only word on its line, day and start; without one, everything counts.
WITH wanted AS (
    SELECT DISTINCT line_id FROM actuals WHERE outcome = 'frustrated' AND date >= first_day_read() AND getvariable('since')::DATE IS NOT NULL
),
words AS (
    SELECT a.line_id, a.date, any_value(a.outcome) AS outcome
    FROM actuals a SEMI JOIN wanted USING (line_id)
    WHERE a.kind = 'visit' AND a.date < first_day_read() AND a.date >= first_day_searched()
        AND (getvariable('as_of')::TIMESTAMP IS NULL OR a.submitted_at IS NULL OR a.submitted_at <= getvariable('as_of')::TIMESTAMP)
    GROUP BY a.line_id, a.date, minute_of_day(a.start_time)
    HAVING count(*) = 1
),
last_delivered AS (
    SELECT line_id, max(date) AS date FROM words WHERE outcome IN ('delivered', 'extra') GROUP BY line_id
)
SELECT w.line_id, coalesce(d.date, DATE '0001-01-01') AS from_date
FROM wanted w
LEFT JOIN last_delivered d ON d.line_id = w.line_id
