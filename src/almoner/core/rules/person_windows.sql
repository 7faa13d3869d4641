-- person_windows: which weeks to work out for each person (DIF-1). Without a scope, everything up to `through`, or only weeks
-- that begin on `since` or later.
-- [post_from, post_until) holds the first days of the weeks a run may post; [calc_from, calc_until) the days worked out for them: a week shares
-- charge weeks with weeks that begin up to twelve days before or after it. Only people of the part: everybody, unless parts bound memory.
SELECT person_id, coalesce(getvariable('since')::DATE, DATE '0001-01-01') AS post_from, DATE '9999-12-31' AS post_until,
    coalesce(getvariable('since')::DATE - 14, DATE '0001-01-01') AS calc_from,
    getvariable('through')::DATE + 1 AS calc_until
FROM people SEMI JOIN part USING (person_id)
WHERE NOT getvariable('scoped')::BOOLEAN
UNION ALL
SELECT person_id, min(from_date), max(until_date), min(from_date) - 14, least(max(until_date) + 28, getvariable('through')::DATE + 1)
FROM scope SEMI JOIN part USING (person_id)
WHERE getvariable('scoped')::BOOLEAN
GROUP BY person_id
