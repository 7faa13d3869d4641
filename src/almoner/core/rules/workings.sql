-- workings: line x day.
SELECT l.line_id, l.person_id, l.provider_id, c.date, c.week, c.split, c.exact_parts, c.cost_parts, c.delivered_parts
FROM day_costs c
JOIN package_lines l USING (line_no)
ORDER BY l.line_id, c.date
