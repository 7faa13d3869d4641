-- netted_weeks: what the provider collects from the person, taken off its payment for each line's week (CHG-4):
-- the provider's part of the charge spread over the pieces by chargeable cost, largest remainder, ties by line, then week.
WITH parts AS (
    SELECT p.line_no, l.line_id, p.week, p.charge_week, p.person_id, c.state, c.provider_pence,
        quotient(c.provider_pence::HUGEINT * p.cost_pence, c.cost_pence)::BIGINT AS floor_pence,
        remainder(c.provider_pence::HUGEINT * p.cost_pence, c.cost_pence) AS remainder
    FROM charge_pieces p
    JOIN package_lines l USING (line_no)
    JOIN person_charges c ON c.person_id = p.person_id AND c.week = p.charge_week AND (p.state = 'both' OR p.state = c.state)
    WHERE c.provider_pence > 0 AND c.cost_pence > 0
),
ranked AS (
    SELECT *, provider_pence - (sum(floor_pence) OVER whole)::BIGINT AS missing_pence,
        row_number() OVER (whole ORDER BY remainder DESC, line_id, week) AS rank
    FROM parts
    WINDOW whole AS (PARTITION BY person_id, charge_week, state)
)
SELECT line_no, week, state, sum(floor_pence + (rank <= missing_pence)::BIGINT)::BIGINT AS netted_pence
FROM ranked
GROUP BY line_no, week, state
