-- planned_visits: each planned visit on its day, up to `through`; on actuals lines only in weeks that were submitted (LIN-1, LIN-2).
WITH dated AS (
    SELECT s.line_no, l.basis, l.first_weekday, s.start_minute, s.minutes, s.carers,
        greatest(s.from_date, l.calc_from) AS from_date, least(s.until_date, l.calc_until) AS until_date, s.weekday
    FROM slots s
    JOIN package_lines l USING (line_no)
),
first_days AS (
    SELECT *, from_date + ((weekday - isodow(from_date) + 7) % 7)::INTEGER AS first_day FROM dated WHERE from_date < until_date
),
days AS (
    SELECT line_no, basis, start_minute, minutes, carers, first_weekday,
        first_day + 7 * unnest(range(0, (until_date - first_day + 6)::BIGINT // 7))::INTEGER AS date
    FROM first_days
    WHERE first_day < until_date
)
SELECT d.line_no, d.basis = 'planned' AS is_paid_as_planned, d.date, week_of(d.date, d.first_weekday) AS week, d.start_minute, d.minutes, d.carers
FROM days d
WHERE d.basis = 'planned' OR (d.line_no, week_of(d.date, d.first_weekday)) IN (SELECT (line_no, week) FROM reported_weeks)
