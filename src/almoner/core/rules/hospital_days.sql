-- hospital_days: each day a person was in hospital, first and last day included, up to `through` (HLD-1, HLD-3 HOS).
WITH stays AS (
    SELECT a.person_id, greatest(a.first_day, w.calc_from) AS first_day,
        least(coalesce(a.last_day, getvariable('through')::DATE), getvariable('through')::DATE) AS last_day
    FROM absences a
    JOIN (SELECT person_id, min(calc_from) AS calc_from FROM package_lines GROUP BY person_id) w USING (person_id)
    WHERE a.kind = 'hospital'
)
SELECT DISTINCT person_id, first_day + unnest(range(0, (last_day - first_day + 1)::BIGINT))::INTEGER AS date
FROM stays
WHERE last_day >= first_day
