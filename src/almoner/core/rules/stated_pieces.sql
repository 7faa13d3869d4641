-- stated_pieces: pieces of weeks in two states: `hi` with held money in, `lo` with it left out (HLD-5); delivered, the part that may be charged for.
-- Weeks that are not held stand only as `hi`; a held week stands as `lo` only where part of it stays payable: its compared days scaled alike
-- to the plan's value (excess), the days that were not compared as they are.
WITH kept AS (
    SELECT p.*, h.kept_parts // gcd(h.kept_parts, h.claimed_parts) AS numerator, h.claimed_parts // gcd(h.kept_parts, h.claimed_parts) AS denominator
    FROM cost_pieces p
    JOIN held_weeks h ON h.line_no = p.line_no AND h.week = p.week AND h.kept_parts IS NOT NULL
),
stated AS (
    SELECT line_no, week, from_date, charge_week, is_delivered, 'hi' AS state, split, cost_parts FROM cost_pieces
    UNION ALL
    SELECT line_no, week, from_date, charge_week, is_delivered, 'lo', split * denominator,
        CASE WHEN is_compared THEN exact_parts * numerator ELSE cost_parts * denominator END
    FROM kept
)
SELECT *, CASE WHEN is_delivered THEN cost_parts ELSE 0 END AS delivered_parts
FROM stated
