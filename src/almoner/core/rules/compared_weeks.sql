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
    -- days of the week with a planned visit as bits, the contract's first weekday lowest, for all visits with the same dates at once
    SELECT DISTINCT c.line_no, c.week
    FROM candidates c
    JOIN (
        SELECT s.line_no, s.from_date, s.until_date, bit_or(1 << ((s.weekday - l.first_weekday + 7) % 7)::INTEGER) AS days
        FROM slots s JOIN package_lines l USING (line_no)
        GROUP BY s.line_no, s.from_date, s.until_date
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
reported_plans AS (
    SELECT DISTINCT p.line_no, p.week
    FROM plan_weeks p
    JOIN weeks w ON w.line_no = p.line_no AND w.week = p.week
    WHERE NOT w.has_timetable AND NOT w.has_quantity
    UNION
    SELECT line_no, week FROM totals WHERE any_in_line AND outcome = 'delivered' AND planned_minutes > 0
),
both_sides AS (
    SELECT line_no, week, split, sum(exact_parts)::HUGEINT AS claimed, 0::HUGEINT AS planned
    FROM cost_pieces
    WHERE is_compared
    GROUP BY line_no, week, split
    UNION ALL
    SELECT line_no, week, split, 0, sum(parts)::HUGEINT
    FROM planned_days ANTI JOIN uncompared_days USING (line_no, date)
    GROUP BY line_no, week, split
    UNION ALL
    SELECT p.line_no, p.week, 1, 0, p.plan_parts
    FROM plan_weeks p
    JOIN weeks w ON w.line_no = p.line_no AND w.week = p.week
    WHERE w.has_timetable OR NOT w.has_quantity
),
splits AS (
    SELECT line_no, week, max(split) AS split FROM both_sides GROUP BY line_no, week
),
summed AS (
    SELECT c.line_no, c.week, s.split,
        sum(c.claimed * (s.split // c.split))::HUGEINT AS claimed_parts, sum(c.planned * (s.split // c.split))::HUGEINT AS planned_parts
    FROM both_sides c JOIN splits s ON s.line_no = c.line_no AND s.week = c.week
    GROUP BY c.line_no, c.week, s.split
)
SELECT w.line_no, w.care_no, w.contract_no, w.week,
    coalesce(s.split, 1)::BIGINT AS split, coalesce(s.claimed_parts, 0) AS claimed_parts, coalesce(s.planned_parts, 0) AS planned_parts
FROM weeks w
LEFT JOIN summed s ON s.line_no = w.line_no AND s.week = w.week
LEFT JOIN reported_plans r ON r.line_no = w.line_no AND r.week = w.week
WHERE w.has_planned_visits OR (NOT w.has_timetable AND (w.has_quantity OR r.line_no IS NOT NULL))
