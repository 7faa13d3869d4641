-- stated_days: day costs in two states: `hi` with held money in, `lo` with it left out (HLD-5).
-- Weeks that are not held stand only as `hi`; a held week stands as `lo` only where part of it stays payable: its compared days scaled alike
-- to the plan's value (excess), the days that were not compared as they are.
WITH kept AS (
    SELECT d.*, h.kept_parts // gcd(h.kept_parts, h.claimed_parts) AS numerator, h.claimed_parts // gcd(h.kept_parts, h.claimed_parts) AS denominator,
        s.date IS NULL AS compared
    FROM day_costs d
    JOIN held_weeks h ON h.line_no = d.line_no AND h.week = d.week AND h.kept_parts IS NOT NULL
    LEFT JOIN uncompared_days s ON s.line_no = d.line_no AND s.date = d.date
)
SELECT line_no, date, week, 'hi' AS state, split::HUGEINT AS split, cost_parts, delivered_parts
FROM day_costs
UNION ALL
SELECT line_no, date, week, 'lo', split::HUGEINT * denominator,
    CASE WHEN compared THEN exact_parts * numerator ELSE cost_parts * denominator END,
    CASE WHEN compared THEN delivered_exact_parts * numerator ELSE delivered_parts * denominator END
FROM kept
