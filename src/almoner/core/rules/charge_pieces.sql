-- charge_pieces: the council's share of chargeable care delivered, for each line's own week within a charge week, rounded down once (CHG-1, CHG-2).
-- In a stretch of days the council's exact share of a day is in proportion to the day's cost. Fractions of pence of several stretches are added
-- at 2^-38 of a penny and taken up when they come within that of a whole one, so that thirds and sevenths that make a penny make a penny.
WITH days AS (
    SELECT d.line_no, c.person_id, d.week, d.charge_week, d.state, d.split, d.delivered_parts, s.from_date
    FROM stated_pieces d
    JOIN chargeable_lines c ON c.line_no = d.line_no AND d.from_date >= c.from_date AND d.from_date < c.until_date
    LEFT JOIN stretches s ON s.line_no = d.line_no AND d.from_date >= s.from_date AND d.from_date < s.until_date
    WHERE d.delivered_parts > 0
),
stretched AS (
    SELECT line_no, person_id, week, charge_week, state, from_date, any_value(split) AS split, sum(delivered_parts)::HUGEINT AS delivered_parts
    FROM days
    GROUP BY line_no, person_id, week, charge_week, state, from_date
),
fractions AS (
    SELECT s.* EXCLUDE (delivered_parts), s.delivered_parts AS parts, parts_per_penny()::HUGEINT * s.split AS parts_of,
        coalesce(c.numerator, 1)::HUGEINT AS numerator, coalesce(c.denominator, 1)::HUGEINT AS denominator
    FROM stretched s
    LEFT JOIN council_parts c ON c.line_no = s.line_no AND c.week = s.week AND c.state = s.state AND c.from_date = s.from_date
),
pieces AS (
    SELECT line_no, person_id, week, charge_week, state, count(*) AS stretches,
        any_value(share_of(parts, numerator, denominator) // parts_of)::BIGINT AS single_pence,
        ((sum(share_of(((parts // parts_of) << 38) + share_of(1::HUGEINT << 38, parts % parts_of, parts_of), numerator, denominator))
            + 2 * count(*))::HUGEINT >> 38)::BIGINT AS cost_pence
    FROM fractions
    GROUP BY line_no, person_id, week, charge_week, state
),
known AS (
    SELECT line_no, person_id, week, charge_week, state, CASE WHEN stretches = 1 THEN single_pence ELSE cost_pence END AS cost_pence
    FROM pieces
)
SELECT * FROM known
UNION ALL
SELECT line_no, person_id, week, charge_week, 'lo', cost_pence
FROM known
ANTI JOIN (SELECT DISTINCT line_no, week FROM held_weeks) held USING (line_no, week)
WHERE state = 'hi'
