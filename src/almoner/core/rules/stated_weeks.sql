-- stated_weeks: the gross of every line and week in its states (HLD-5), rounded once (RND-2).
SELECT line_no, week, state, any_value(split) AS split, sum(cost_parts)::HUGEINT AS cost_parts,
    rounded_pence(sum(cost_parts), any_value(split)) AS gross_pence
FROM stated_pieces
GROUP BY line_no, week, state
