-- compared_weeks: claimed and planned value of each line and week that the tolerance compares (HLD-1), both exact: parts / split.
-- Authorised, agreed actuals and planned lines with a plan that week, not awaiting actuals; days in the line's dates up to `through`, hospital
-- days left out. The plan is the timetable's visits of that week; without any timetable the quantity, else the planned minutes reported for days
-- in the line's dates.
WITH candidates AS (
    SELECT l.line_no, l.care_no, l.contract_no, l.has_timetable, w.week
    FROM package_lines l JOIN reported_weeks w USING (line_no)
    UNION ALL
    SELECT l.line_no, l.care_no, l.contract_no, l.has_timetable, d.week
    FROM package_lines l
    JOIN (SELECT line_no, week FROM line_weeks WHERE basis = 'planned') d USING (line_no)
    ANTI JOIN reported_weeks USING (line_no, week)
),
timetabled AS (
    SELECT DISTINCT c.line_no, c.week
    FROM candidates c
    JOIN (
        SELECT line_no, from_date, until_date, bit_or(days) AS days FROM timetables GROUP BY line_no, from_date, until_date
    ) s ON s.line_no = c.line_no AND s.from_date < c.week + 7 AND s.until_date > c.week
    WHERE days & ((1 << least(s.until_date - c.week, 7)::INTEGER) - (1 << greatest(s.from_date - c.week, 0)::INTEGER)) <> 0
),
quantified AS (
    SELECT DISTINCT c.line_no, c.week
    FROM candidates c
    JOIN package_lines l USING (line_no)
    JOIN line_periods t ON t.line_no = c.line_no AND t.quantity_hundredths IS NOT NULL
    WHERE NOT l.has_timetable AND NOT l.cancelled
        AND greatest(c.week, l.start_date, t.from_date) <= least(c.week + 6, l.last_day, t.until_date - 1)
),
weeks AS (
    SELECT c.*, q.line_no IS NOT NULL AS has_quantity, t.line_no IS NOT NULL AS has_planned_visits
    FROM candidates c
    LEFT JOIN quantified q ON q.line_no = c.line_no AND q.week = c.week
    LEFT JOIN timetabled t ON t.line_no = c.line_no AND t.week = c.week
    ANTI JOIN unready_weeks u ON u.line_no = c.line_no AND u.week = c.week
),
planned_days AS (
    SELECT line_no, week, date, exact_parts AS parts, 1::BIGINT AS split FROM quantity_days
    UNION ALL
    SELECT t.line_no, t.week, t.date, t.plan_parts, t.split
    FROM totals t
    JOIN weeks w ON w.line_no = t.line_no AND w.week = t.week
    WHERE NOT w.has_timetable AND NOT w.has_quantity AND t.outcome = 'delivered'
),
day_plans AS (
    SELECT line_no, week, max(split)::HUGEINT AS split, sum(parts)::HUGEINT AS parts
    FROM planned_days ANTI JOIN uncompared_days USING (line_no, date)
    GROUP BY line_no, week
),
total_plans AS (
    SELECT DISTINCT line_no, week FROM totals WHERE any_in_line AND outcome = 'delivered' AND planned_minutes > 0
),
claims AS (
    SELECT line_no, week, max(split)::HUGEINT AS split, sum(exact_parts)::HUGEINT AS parts FROM cost_pieces WHERE is_compared GROUP BY line_no, week
),
sides AS (
    SELECT w.line_no, w.care_no, w.contract_no, w.week, greatest(c.split, d.split, 1)::HUGEINT AS split,
        c.split AS claimed_split, d.split AS planned_split, c.parts AS claimed_parts, d.parts AS day_parts, CASE WHEN w.has_timetable OR NOT w.has_quantity THEN p.plan_parts END AS plan_parts
    FROM weeks w
    LEFT JOIN claims c ON c.line_no = w.line_no AND c.week = w.week
    LEFT JOIN day_plans d ON d.line_no = w.line_no AND d.week = w.week
    LEFT JOIN plan_weeks p ON p.line_no = w.line_no AND p.week = w.week
    LEFT JOIN total_plans t ON t.line_no = w.line_no AND t.week = w.week
    WHERE w.has_planned_visits OR (NOT w.has_timetable AND (w.has_quantity OR p.line_no IS NOT NULL OR t.line_no IS NOT NULL))
)
-- a week has one total at most, so that the greater of the two splits is a multiple of the other
SELECT line_no, care_no, contract_no, week, split::BIGINT AS split, coalesce(claimed_parts * quotient(split, claimed_split), 0) AS claimed_parts,
    coalesce(day_parts * quotient(split, planned_split), 0) + coalesce(plan_parts * split, 0) AS planned_parts
FROM sides
