-- shared_pieces: of chargeable care in whose cost others share, the council's share, rounded down once (CHG-1, CHG-2), as charge_pieces has it.
-- In a stretch of days the council's exact share of a day is in proportion to the day's cost. Fractions of pence of several stretches are added
-- at 2^-38 of a penny and taken up when they come within that of a whole one, so that thirds and sevenths that make a penny make a penny.
WITH stretched AS (
    SELECT d.line_no, c.person_id, d.week, d.charge_week, d.state, s.from_date, any_value(d.split) AS split, sum(d.delivered_parts)::HUGEINT AS parts
    FROM stated_pieces d
    JOIN stretches s ON s.line_no = d.line_no AND d.from_date >= s.from_date AND d.from_date < s.until_date
    JOIN chargeable_lines c ON c.line_no = d.line_no AND d.from_date >= c.from_date AND d.from_date < c.until_date
    WHERE d.delivered_parts > 0
    GROUP BY d.line_no, c.person_id, d.week, d.charge_week, d.state, s.from_date
),
fractions AS (
    SELECT s.*, parts_per_penny()::HUGEINT * s.split AS parts_of, c.numerator, c.denominator
    FROM stretched s
    JOIN council_parts c ON c.line_no = s.line_no AND c.week = s.week AND c.state = s.state AND c.from_date = s.from_date
),
counted AS (
    SELECT *, quotient(parts, parts_of) AS whole_pence, remainder(parts, parts_of) AS rest_parts,
        share_of(parts, numerator, denominator) AS council_parts
    FROM fractions
),
fine AS (
    SELECT *, (whole_pence << 38) + share_of(1::HUGEINT << 38, rest_parts, parts_of) AS fine_pence FROM counted
),
pieces AS (
    SELECT line_no, person_id, week, charge_week, state, count(*) AS stretches, any_value(quotient(council_parts, parts_of))::BIGINT AS single_pence,
        ((sum(share_of(fine_pence, numerator, denominator)) + 2 * count(*))::HUGEINT >> 38)::BIGINT AS cost_pence
    FROM fine
    GROUP BY line_no, person_id, week, charge_week, state
)
SELECT line_no, person_id, week, charge_week, state, CASE WHEN stretches = 1 THEN single_pence ELSE cost_pence END AS cost_pence
FROM pieces
