-- planned_visits: each planned visit on its day, up to `through`; on actuals lines only in weeks that were submitted (LIN-1, LIN-2).
WITH dated AS (
    SELECT s.line_no, l.basis = 'planned' AS is_paid_as_planned, l.first_weekday, s.start_minute, s.minutes, s.carers,
        greatest(s.from_date, l.calc_from) AS from_date, least(s.until_date, l.calc_until) AS until_date, s.weekday
    FROM slots s
    JOIN package_lines l USING (line_no)
),
first_days AS MATERIALIZED (
    SELECT *, from_date + ((weekday - isodow(from_date) + 7) % 7)::INTEGER AS first_day FROM dated WHERE from_date < until_date
),
days AS (
    SELECT line_no, is_paid_as_planned, first_day, week_of(first_day, first_weekday) AS first_week, start_minute, minutes, carers,
        7 * unnest(range(0, (until_date - first_day + 6)::BIGINT // 7))::INTEGER AS later
    FROM first_days
    WHERE first_day < until_date
)
SELECT d.line_no, d.is_paid_as_planned, d.first_day + d.later AS date, d.first_week + d.later AS week, d.start_minute, d.minutes, d.carers
FROM days d
LEFT JOIN reported_weeks w ON w.line_no = d.line_no AND w.week = d.first_week + d.later
WHERE d.is_paid_as_planned OR w.line_no IS NOT NULL
