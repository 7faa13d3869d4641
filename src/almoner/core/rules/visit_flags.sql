-- visit_flags: every reason for which a visit, or a week's total, would be held, before releases (HLD-3), one row per visit and code.
-- A visit that would pay nothing anyway is not held.
WITH earning AS (
    SELECT visit_no, line_no, date, week, outcome, is_future, rate_missing FROM visits WHERE exact_parts > 0 OR rate_missing
),
doubled AS (
    SELECT visit_no, line_no, week
    FROM earning
    WHERE visit_no IN (SELECT "row" FROM doubled_visits UNION ALL SELECT "row" FROM carer_clashes UNION ALL SELECT "row" FROM twice_named)
    UNION
    SELECT visit_no, line_no, week FROM earning SEMI JOIN (SELECT line_no, week FROM reported_weeks WHERE has_total) t USING (line_no, week)
),
misplaced AS (
    SELECT d.visit_no, d.line_no, d.week, d.date > l.date_of_death AS is_after_death,
        d.date < l.start_date OR coalesce(d.date > l.end_date, FALSE) AS is_outside
    FROM earning d
    JOIN package_lines l ON l.line_no = d.line_no AND (d.date < l.start_date OR d.date > least(l.end_date, l.date_of_death))
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
SELECT visit_no, NULL::BIGINT AS total_row, line_no, week, 'FUT' AS code FROM earning WHERE is_future
UNION ALL
SELECT visit_no, NULL, line_no, week, 'DUP' FROM doubled
UNION ALL
SELECT visit_no, NULL, line_no, week, 'DTH' FROM misplaced WHERE is_after_death
UNION ALL
SELECT visit_no, NULL, line_no, week, 'DAT' FROM misplaced WHERE is_outside
UNION ALL
SELECT visit_no, NULL, line_no, week, 'HOS' FROM earning SEMI JOIN hospital_days USING (line_no, date) WHERE outcome <> 'frustrated'
UNION ALL
SELECT visit_no, NULL, line_no, week, 'RAT' FROM earning WHERE rate_missing
UNION ALL
SELECT NULL, total_row, line_no, week, code FROM total_flags WHERE code IS NOT NULL
