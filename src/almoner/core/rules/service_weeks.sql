-- service_weeks: the days of each charge week on which a person's contribution runs (CHG-1), as bits, Monday the lowest: a chargeable line is in
-- service (a placement: its paid days). `lo` leaves out lines not yet authorised or agreed, which carry none until they are.
WITH served AS MATERIALIZED (
    SELECT c.line_no, c.person_id, greatest(c.from_date, s.from_date) AS from_date, least(c.until_date, s.until_date) AS until_date
    FROM line_spans s
    JOIN chargeable_lines c ON c.line_no = s.line_no AND c.from_date < s.until_date AND s.from_date < c.until_date
),
weeks AS (
    SELECT *, week_of(from_date, 1) + 7 * unnest(range(0, (until_date - week_of(from_date, 1) + 6)::BIGINT // 7))::INTEGER AS week
    FROM served
),
unready AS (
    SELECT line_no, week_of(week + later, 1) AS week, bit_or(days_of_week(week, week + 7, week_of(week + later, 1))) AS days
    FROM unready_weeks, (VALUES (0), (6)) ends (later)
    GROUP BY ALL
),
days AS (
    SELECT w.person_id, w.week, days_of_week(w.from_date, w.until_date, w.week) AS days, coalesce(u.days, 0) AS unready_days
    FROM weeks w
    LEFT JOIN unready u ON u.line_no = w.line_no AND u.week = w.week
),
served_days AS (
    SELECT person_id, week, bit_or(days) AS days, bit_or(days & ~unready_days) AS ready_days FROM days GROUP BY person_id, week
)
SELECT person_id, week, (CASE WHEN ready_days = days THEN 'both' ELSE 'hi' END)::states AS state, days FROM served_days
UNION ALL
SELECT person_id, week, 'lo', ready_days FROM served_days WHERE ready_days <> days AND ready_days <> 0
