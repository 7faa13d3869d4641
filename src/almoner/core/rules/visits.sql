-- visits: what each visit that earns is worth, in few columns. `paid_parts` is the price, rounded to the penny where the contract rounds each
-- visit (RND-2). `rate_missing`: it would be worth something, but that day has no usable rate (HLD-3 RAT).
SELECT visit_no, line_no, date, week, outcome, is_future, exact_parts,
    CASE WHEN rounds_visits THEN rounded_pence(exact_parts, 1) * parts_per_penny() ELSE exact_parts END AS paid_parts,
    rate_centipence IS NULL AND basis_points > 0
        AND (payable_minutes > 0 OR (payable_minutes IS NULL AND coalesce(units_hundredths, 0) > 0)) AS rate_missing
FROM priced_visits
