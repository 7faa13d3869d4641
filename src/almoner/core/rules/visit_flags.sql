-- visit_flags: every reason for which a visit, or a week's total, would be held, before releases (HLD-3), one row per visit and code.
-- A visit that would pay nothing anyway is not held.
WITH worth AS MATERIALIZED (
    SELECT d.visit_no, d.line_no, d.date, d.week, d.outcome, d.is_future, d.rate_missing, l.date_of_death, l.start_date, l.end_date, l.cancelled
    FROM visits d
    JOIN package_lines l USING (line_no)
    WHERE d.exact_parts > 0 OR d.rate_missing
),
flags AS (
    SELECT visit_no, line_no, week, 'FUT' AS code FROM worth WHERE is_future
    UNION ALL
    SELECT visit_no, line_no, week, 'DUP' FROM worth WHERE visit_no IN (SELECT "row" FROM doubled_visits UNION SELECT "row" FROM carer_clashes)
    UNION ALL
    SELECT w.visit_no, w.line_no, w.week, 'DUP'
    FROM worth w JOIN reported_weeks r ON r.line_no = w.line_no AND r.week = w.week AND r.has_total
    UNION ALL
    SELECT visit_no, line_no, week, 'DTH' FROM worth WHERE date > date_of_death
    UNION ALL
    SELECT visit_no, line_no, week, 'DAT' FROM worth WHERE cancelled OR date < start_date OR date > end_date
    UNION ALL
    SELECT w.visit_no, w.line_no, w.week, 'HOS'
    FROM worth w JOIN hospital_days h ON h.line_no = w.line_no AND h.date = w.date
    WHERE w.outcome <> 'frustrated'
    UNION ALL
    SELECT visit_no, line_no, week, 'RAT' FROM worth WHERE rate_missing
),
total_flags AS (
    SELECT DISTINCT "row" AS total_row, line_no, week,
        unnest([
            CASE WHEN week > submitted_at::DATE THEN 'FUT' END,
            CASE WHEN NOT any_in_line AND week > date_of_death THEN 'DTH' END,
            CASE WHEN NOT any_in_line AND NOT coalesce(week > date_of_death, FALSE) THEN 'DAT' END,
            CASE WHEN rate_missing THEN 'RAT' END]) AS code
    FROM totals
)
SELECT DISTINCT visit_no, NULL::BIGINT AS total_row, line_no, week, code FROM flags
UNION ALL
SELECT NULL, total_row, line_no, week, code FROM total_flags WHERE code IS NOT NULL
