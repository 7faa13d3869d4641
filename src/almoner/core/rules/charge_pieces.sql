-- charge_pieces: the council's share of chargeable care delivered, for each line's own week within a charge week, rounded down once (CHG-1, CHG-2).
-- All of it where nobody shares in the line, else what shared_pieces says.
SELECT d.line_no, c.person_id, d.week, d.charge_week, d.state,
    quotient(sum(d.delivered_parts), parts_per_penny()::HUGEINT * any_value(d.split))::BIGINT AS cost_pence
FROM stated_pieces d
JOIN chargeable_lines c ON c.line_no = d.line_no AND d.from_date >= c.from_date AND d.from_date < c.until_date
WHERE d.delivered_parts > 0 AND d.line_no NOT IN (SELECT line_no FROM stretches)
GROUP BY d.line_no, c.person_id, d.week, d.charge_week, d.state
UNION ALL
SELECT line_no, person_id, week, charge_week, state, cost_pence FROM shared_pieces
