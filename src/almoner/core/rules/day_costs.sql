-- day_costs: what every line earns on every day, exactly, a row for each thing that earns, held visits left out (LIN-1 to LIN-6). The value is
-- parts / split.
-- `exact_parts` before any rounding (for the tolerance), `cost_parts` with each visit rounded where the contract says so (RND-2),
-- `delivered_parts` the part of it that is care delivered and may be charged for (CHG-2): frustrated visits are paid, not charged;
-- `delivered_exact_parts` the same before rounding.
WITH totalled AS (
    SELECT line_no, date, week, split, exact_parts
    FROM totals
    WHERE exact_parts > 0 AND "row" NOT IN (SELECT total_row FROM held_visits WHERE total_row IS NOT NULL)
),
split_weeks AS (
    SELECT line_no, week, max(split) AS split FROM totalled GROUP BY line_no, week
),
earning AS (
    SELECT line_no, date, week, exact_parts, paid_parts AS cost_parts, outcome <> 'frustrated' AS is_delivered
    FROM visits
    WHERE exact_parts > 0 AND visit_no NOT IN (SELECT visit_no FROM held_visits WHERE visit_no IS NOT NULL)
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE FROM quantity_days WHERE is_due AND exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE FROM placement_days WHERE exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE FROM one_offs WHERE NOT is_negative AND exact_parts > 0
),
together AS (
    SELECT e.line_no, e.date, e.week, coalesce(s.split, 1) AS split, e.exact_parts * coalesce(s.split, 1) AS exact_parts,
        e.cost_parts * coalesce(s.split, 1) AS cost_parts, e.is_delivered
    FROM earning e
    LEFT JOIN split_weeks s ON s.line_no = e.line_no AND s.week = e.week
    UNION ALL
    SELECT line_no, date, week, split, exact_parts, exact_parts, TRUE FROM totalled
)
SELECT line_no, date, week, split::BIGINT AS split, exact_parts::HUGEINT AS exact_parts, cost_parts::HUGEINT AS cost_parts,
    (CASE WHEN is_delivered THEN cost_parts ELSE 0 END)::HUGEINT AS delivered_parts,
    (CASE WHEN is_delivered THEN exact_parts ELSE 0 END)::HUGEINT AS delivered_exact_parts
FROM together
