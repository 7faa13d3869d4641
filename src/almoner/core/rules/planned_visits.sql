-- planned_visits: each planned visit of the lines that are paid as planned, on its day, up to `through` (LIN-2).
WITH dated AS (
    SELECT s.line_no, l.first_weekday, s.start_minute, s.minutes, s.carers,
        greatest(s.from_date, l.calc_from) AS from_date, least(s.until_date, l.calc_until) AS until_date, s.weekday
    FROM slots s
    JOIN package_lines l USING (line_no)
    WHERE l.basis = 'planned'
),
first_days AS MATERIALIZED (
    SELECT *, from_date + ((weekday - isodow(from_date) + 7) % 7)::INTEGER AS first_day FROM dated WHERE from_date < until_date
),
days AS (
    SELECT line_no, first_day, week_of(first_day, first_weekday) AS first_week, start_minute, minutes, carers,
        7 * unnest(range(0, (until_date - first_day + 6)::BIGINT // 7))::INTEGER AS later
    FROM first_days
    WHERE first_day < until_date
)
SELECT line_no, first_day + later AS date, first_week + later AS week, start_minute, minutes, carers
FROM days
