-- hospital_days: each day of each line on which its person was in hospital, first and last day included, up to `through` (HLD-1, HLD-3 HOS).
WITH stays AS MATERIALIZED (
    SELECT l.line_no, greatest(a.first_day, l.calc_from) AS first_day,
        least(coalesce(a.last_day, getvariable('through')::DATE), getvariable('through')::DATE) AS last_day
    FROM absences a
    JOIN package_lines l USING (person_id)
    WHERE a.kind = 'hospital'
)
SELECT DISTINCT line_no, first_day + unnest(range(0, (last_day - first_day + 1)::BIGINT))::INTEGER AS date
FROM stays
WHERE last_day >= first_day
