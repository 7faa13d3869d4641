-- council_parts: the council's exact part of each stretch, as the fraction numerator / denominator of its cost (FND-1, CHG-2).
WITH taken AS (
    SELECT line_no, week, state, from_date, sum(taken_parts)::HUGEINT AS taken_parts
    FROM share_parts
    GROUP BY line_no, week, state, from_date
),
council AS (
    SELECT c.*, c.fine_parts - coalesce(t.taken_parts, 0) AS council_parts
    FROM stretch_costs c
    LEFT JOIN taken t ON t.line_no = c.line_no AND t.week = c.week AND t.state = c.state AND t.from_date = c.from_date
)
SELECT *,
    CASE WHEN fine_parts = 0 THEN 0 ELSE council_parts // gcd(council_parts, fine_parts) END AS numerator,
    CASE WHEN fine_parts = 0 THEN 1 ELSE fine_parts // gcd(council_parts, fine_parts) END AS denominator
FROM council
