-- stretches: days of a line between changes of its share rows, as half-open periods (FND-2), for lines that have any.
WITH edges AS (
    SELECT l.line_no, DATE '0001-01-01' AS edge FROM package_lines l SEMI JOIN shares s USING (line_id)
    UNION SELECT l.line_no, s.valid_from FROM package_lines l JOIN shares s USING (line_id)
    UNION SELECT l.line_no, s.valid_to + 1 FROM package_lines l JOIN shares s USING (line_id) WHERE s.valid_to IS NOT NULL
)
SELECT line_no, edge AS from_date, lead(edge, 1, DATE '9999-12-31') OVER (PARTITION BY line_no ORDER BY edge) AS until_date
FROM edges
