-- slots: the timetable as planned visits by weekday, within their dates (CAL-1) and their line's (LIN-7).
-- One row per line, weekday, start and half-open period; where two rows name the same visit, the latest valid_from, then the later row, stands.
WITH rows_known AS (
    SELECT l.line_no, weekday_number(s.weekday) AS weekday, minute_of_day(s.start_time) AS start_minute, s.minutes::INTEGER AS minutes, s.carers::INTEGER AS carers,
        s.valid_from AS from_date, coalesce(s.valid_to + 1, DATE '9999-12-31') AS until_date, s."row"
    FROM schedule s
    JOIN package_lines l USING (line_id)
    WHERE l.basis IN ('actuals', 'planned')
),
doubled AS (
    SELECT line_no, weekday, start_minute FROM rows_known GROUP BY ALL HAVING count(*) > 1
),
edges AS (
    SELECT line_no, weekday, start_minute, from_date AS edge FROM rows_known SEMI JOIN doubled USING (line_no, weekday, start_minute)
    UNION
    SELECT line_no, weekday, start_minute, until_date FROM rows_known SEMI JOIN doubled USING (line_no, weekday, start_minute)
),
pieces AS (
    SELECT line_no, weekday, start_minute, edge AS from_date,
        lead(edge) OVER (PARTITION BY line_no, weekday, start_minute ORDER BY edge) AS until_date
    FROM edges
),
settled AS (
    SELECT r.* FROM rows_known r ANTI JOIN doubled USING (line_no, weekday, start_minute)
    UNION ALL
    SELECT p.line_no, p.weekday, p.start_minute, r.minutes, r.carers, p.from_date, p.until_date, r."row"
    FROM pieces p
    JOIN rows_known r
        ON r.line_no = p.line_no AND r.weekday = p.weekday AND r.start_minute = p.start_minute
        AND r.from_date <= p.from_date AND r.until_date > p.from_date
    WHERE p.until_date IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY p.line_no, p.weekday, p.start_minute, p.from_date
        ORDER BY r.from_date DESC, r."row" DESC) = 1
)
SELECT s.line_no, s.weekday, s.start_minute, s.minutes::INTEGER AS minutes, s.carers::INTEGER AS carers,
    greatest(s.from_date, l.start_date) AS from_date,
    least(s.until_date, coalesce(l.last_day + 1, DATE '9999-12-31')) AS until_date
FROM settled s
JOIN package_lines l USING (line_no)
WHERE greatest(s.from_date, l.start_date) < least(s.until_date, coalesce(l.last_day + 1, DATE '9999-12-31'))
