-- releases_in_force: decisions to release, known by `as_of`; of those naming the same hold the latest counts, then the later
-- row (HLD-4).
-- `uphold` frees nothing. UNP and RAT cannot be released, only mended.
SELECT *
FROM releases
WHERE (getvariable('as_of')::TIMESTAMP IS NULL OR "at" IS NULL OR "at" <= getvariable('as_of')::TIMESTAMP) AND code NOT IN ('UNP', 'RAT')
QUALIFY row_number() OVER (PARTITION BY code, person_id, provider_id, line_id, week ORDER BY "at" DESC NULLS LAST, "row" DESC) = 1 AND decision = 'release'
