-- stated_pieces: pieces of weeks in their states (HLD-5): `both` of weeks that are not held, else `hi` with held money in; delivered, the part that
-- may be charged for. A held week stands as `lo` only where part of it stays payable: its compared days scaled alike to the plan's value (excess),
-- the days that were not compared as they are.
WITH kept AS (
    SELECT p.*, h.kept_parts // gcd(h.kept_parts, h.claimed_parts) AS numerator, h.claimed_parts // gcd(h.kept_parts, h.claimed_parts) AS denominator
    FROM cost_pieces p
    JOIN held_weeks h ON h.line_no = p.line_no AND h.week = p.week AND h.kept_parts IS NOT NULL
),
stated AS (
    SELECT p.line_no, p.week, p.from_date, p.charge_week, p.is_delivered, (CASE WHEN h.line_no IS NULL THEN 'both' ELSE 'hi' END)::states AS state,
        p.split, p.cost_parts
    FROM cost_pieces p
    LEFT JOIN (SELECT DISTINCT line_no, week FROM held_weeks) h ON h.line_no = p.line_no AND h.week = p.week
    UNION ALL
    SELECT line_no, week, from_date, charge_week, is_delivered, 'lo', split * denominator,
        CASE WHEN is_compared THEN exact_parts * numerator ELSE cost_parts * denominator END
    FROM kept
)
SELECT *, CASE WHEN is_delivered THEN cost_parts ELSE 0 END AS delivered_parts
FROM stated
