-- week_costs: each line's gross cost of each week, added up exactly and rounded half up to the penny once (RND-2).
SELECT line_no, week, any_value(split) AS split, sum(exact_parts)::HUGEINT AS exact_parts, sum(cost_parts)::HUGEINT AS cost_parts,
    rounded_pence(sum(cost_parts), any_value(split)) AS gross_pence
FROM day_costs
GROUP BY line_no, week
