-- stated_weeks: the gross of every line and week in both states (HLD-5): a week that is not held is the same in both.
WITH sums AS (
    SELECT line_no, week, state, any_value(split) AS split, sum(cost_parts)::HUGEINT AS cost_parts,
        rounded_pence(sum(cost_parts), any_value(split)) AS gross_pence
    FROM stated_pieces
    GROUP BY line_no, week, state
)
SELECT line_no, week, state, split, cost_parts, gross_pence, state AS from_state FROM sums
UNION ALL
SELECT line_no, week, 'lo', split, cost_parts, gross_pence, 'hi'
FROM sums
ANTI JOIN (SELECT DISTINCT line_no, week FROM held_weeks) held USING (line_no, week)
WHERE state = 'hi'
