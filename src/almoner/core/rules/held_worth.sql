-- held_worth: what held visits and week totals of each line, week and code would be paid if released (HLD-4): parts / split, as their prices have it.
SELECT h.line_no, h.week, h.code, sum(v.paid_parts)::HUGEINT AS parts, 1::HUGEINT AS split
FROM visits v JOIN held_visits h USING (visit_no)
GROUP BY ALL
UNION ALL
SELECT h.line_no, h.week, h.code, sum(t.exact_parts)::HUGEINT, any_value(t.split)
FROM totals t JOIN held_visits h ON h.total_row = t."row"
GROUP BY h.line_no, h.week, h.code
