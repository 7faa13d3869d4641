-- day_costs: what every line is worth on every day, exactly, held visits left out (LIN-1 to LIN-6). The value is parts / split.
-- `exact_parts` before any rounding (for the tolerance), `cost_parts` with each visit rounded where the contract says so (RND-2),
-- `delivered_parts` the part of it that is care delivered and may be charged for (CHG-2): frustrated visits are paid, not charged;
-- `delivered_exact_parts` the same before rounding.
WITH earning AS (
    SELECT d.line_no, d.date, any_value(d.week) AS week, sum(d.exact_parts) AS exact_parts, sum(d.paid_parts) AS cost_parts,
        coalesce(sum(d.paid_parts) FILTER (d.outcome <> 'frustrated'), 0) AS delivered_parts,
        coalesce(sum(d.exact_parts) FILTER (d.outcome <> 'frustrated'), 0) AS delivered_exact_parts
    FROM due_visits d
    WHERE d.exact_parts > 0 AND d.visit_no NOT IN (SELECT visit_no FROM held_visits WHERE visit_no IS NOT NULL)
    GROUP BY d.line_no, d.date
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, exact_parts, exact_parts FROM quantity_days WHERE is_due AND exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, exact_parts, exact_parts FROM placement_days WHERE exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, exact_parts, exact_parts FROM one_offs WHERE NOT is_negative AND exact_parts > 0
),
totalled AS (
    SELECT line_no, date, week, split, exact_parts
    FROM totals
    WHERE exact_parts > 0 AND "row" NOT IN (SELECT total_row FROM held_visits WHERE total_row IS NOT NULL)
),
split_weeks AS (
    SELECT line_no, week, max(split) AS split FROM totalled GROUP BY line_no, week
),
together AS (
    SELECT e.line_no, e.date, e.week, coalesce(s.split, 1) AS split, e.exact_parts * coalesce(s.split, 1) AS exact_parts,
        e.cost_parts * coalesce(s.split, 1) AS cost_parts, e.delivered_parts * coalesce(s.split, 1) AS delivered_parts,
        e.delivered_exact_parts * coalesce(s.split, 1) AS delivered_exact_parts
    FROM earning e
    LEFT JOIN split_weeks s ON s.line_no = e.line_no AND s.week = e.week
    UNION ALL
    SELECT line_no, date, week, split, exact_parts, exact_parts, exact_parts, exact_parts FROM totalled
)
SELECT line_no, date, week, any_value(split)::BIGINT AS split, sum(exact_parts)::HUGEINT AS exact_parts, sum(cost_parts)::HUGEINT AS cost_parts,
    sum(delivered_parts)::HUGEINT AS delivered_parts, sum(delivered_exact_parts)::HUGEINT AS delivered_exact_parts
FROM together
GROUP BY line_no, date, week
