-- calculation_findings: what the calculation doubts (DIF-1), as severity, table, row, column, value, code, message, remedy.
SELECT 'error', 'prior_receipts', "row", CASE WHEN line_id IS NULL THEN 'person_id' ELSE 'line_id' END, coalesce(line_id, person_id, ''),
    'SEALED-UNKNOWN',
    'A sealed receipt of the week of ' || strftime(week, '%-d %B %Y') || ' names a '
        || CASE WHEN line_id IS NULL THEN 'person' ELSE 'line' END || ' that is not among the facts, so it makes no receipt.',
    'Put the ' || CASE WHEN line_id IS NULL THEN 'person' ELSE 'line' END
        || ' back: facts are never deleted. To take the money back, end the line the day before it starts.'
FROM unknown_sealed
ORDER BY 3
LIMIT 10000
