-- cost_pieces: what every piece of a line's week costs while nothing is known yet of its hold; held visits left out (LIN, PRC). Money is parts / split.
-- One row per line, week, piece (`from_date`, its first day), charge week and whether it is care delivered, which may be charged for (CHG-2):
-- frustrated visits are paid, not charged. `exact_parts` before any rounding (for the tolerance), `cost_parts` with each visit rounded where the
-- contract says so (RND-2).
WITH totalled AS (
    SELECT line_no, date, week, split, exact_parts
    FROM totals
    WHERE exact_parts > 0 AND "row" NOT IN (SELECT total_row FROM held_visits WHERE total_row IS NOT NULL)
),
split_weeks AS (
    SELECT line_no, week, max(split)::HUGEINT AS split FROM totalled GROUP BY line_no, week
),
days AS (
    SELECT line_no, date, week, exact_parts, paid_parts AS cost_parts, outcome <> 'frustrated' AS is_delivered, NULL::BIGINT AS split
    FROM visits
    WHERE exact_parts > 0 AND visit_no NOT IN (SELECT visit_no FROM held_visits WHERE visit_no IS NOT NULL)
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE, NULL FROM quantity_days WHERE is_due AND exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE, NULL FROM placement_days WHERE exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE, NULL FROM one_offs WHERE NOT is_negative AND exact_parts > 0
    UNION ALL
    SELECT line_no, date, week, exact_parts, exact_parts, TRUE, split FROM totalled
),
pieces AS (
    SELECT d.line_no, d.week, coalesce(p.from_date, d.week) AS from_date, week_of(d.date, 1) AS charge_week, d.is_delivered, d.split,
        sum(d.exact_parts)::HUGEINT AS exact_parts, sum(d.cost_parts)::HUGEINT AS cost_parts
    FROM days d
    LEFT JOIN week_pieces p ON p.line_no = d.line_no AND p.week = d.week AND d.date >= p.from_date AND d.date < p.until_date
    GROUP BY ALL
)
SELECT p.line_no, p.week, p.from_date, p.charge_week, p.is_delivered, u.line_no IS NULL AS is_compared, coalesce(s.split, 1) AS split,
    CASE WHEN s.split IS NULL THEN p.exact_parts ELSE p.exact_parts * quotient(s.split, coalesce(p.split, 1)) END AS exact_parts,
    CASE WHEN s.split IS NULL THEN p.cost_parts ELSE p.cost_parts * quotient(s.split, coalesce(p.split, 1)) END AS cost_parts
FROM pieces p
LEFT JOIN split_weeks s ON s.line_no = p.line_no AND s.week = p.week
LEFT JOIN uncompared_days u ON u.line_no = p.line_no AND u.date = p.from_date
