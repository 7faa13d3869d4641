-- calculation_findings: what the calculation doubts (DIF-1), as severity, table, row, column, value, code, message, remedy.
WITH told AS (
    SELECT *, CASE unknown WHEN 'line_id' THEN 'line' ELSE 'person' END AS what FROM unknown_sealed
)
SELECT 'error', 'prior_receipts', "row", unknown, coalesce(CASE unknown WHEN 'line_id' THEN line_id ELSE person_id END, ''),
    'SEALED-UNKNOWN',
    'A sealed receipt of the week of ' || strftime(week, '%-d %B %Y') || ' names a ' || what || ' that is not among the facts'
        || CASE WHEN is_line_known THEN '; its line is known, so it counts as paid there all the same.' ELSE ', so it makes no receipt.' END,
    'Put the ' || what || ' back: facts are never deleted.'
        || CASE WHEN is_line_known THEN '' ELSE ' To take the money back, end the line the day before it starts.' END
FROM told
ORDER BY 3
LIMIT 10000
