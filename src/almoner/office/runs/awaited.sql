-- Weeks whose actuals a provider has still to submit, in a period (LIN-1).
--
-- In:  lines, contracts, people, providers, actuals; bounds (from_date, until_date, cycle)
-- Out: awaited (provider_id, name, week_count, oldest)

CREATE OR REPLACE TEMP VIEW first_weekdays AS
SELECT * FROM (VALUES ('monday', 0), ('tuesday', 1), ('wednesday', 2), ('thursday', 3), ('friday', 4), ('saturday', 5), ('sunday', 6)) t (week_start, weekday);

-- 3 January 2000 was a Monday.
CREATE OR REPLACE TEMP VIEW expected AS
SELECT DISTINCT
    lines.line_id,
    contracts.provider_id,
    day - (((day - DATE '2000-01-03' - first_weekdays.weekday) % 7 + 7) % 7)::INTEGER AS week
FROM lines
INNER JOIN contracts USING (contract_id)
INNER JOIN first_weekdays USING (week_start)
INNER JOIN people USING (person_id)
CROSS JOIN bounds
CROSS JOIN LATERAL (
    SELECT unnest(range(0, (bounds.until_date - bounds.from_date)::BIGINT))::INTEGER + bounds.from_date AS day
) AS days
WHERE
    contracts.basis = 'actuals' AND contracts.cycle = bounds.cycle
    AND day >= lines.start_date AND (lines.end_date IS NULL OR day <= lines.end_date)
    AND (people.date_of_death IS NULL OR day <= people.date_of_death);

CREATE OR REPLACE TEMP VIEW reported AS
SELECT DISTINCT
    actuals.line_id,
    date - (((date - DATE '2000-01-03' - first_weekdays.weekday) % 7 + 7) % 7)::INTEGER AS week
FROM actuals
INNER JOIN lines USING (line_id)
INNER JOIN contracts USING (contract_id)
INNER JOIN first_weekdays USING (week_start);

CREATE OR REPLACE TEMP VIEW awaited AS
SELECT provider_id, any_value(providers.name) AS name, count(*) AS week_count, min(week) AS oldest
FROM expected
ANTI JOIN reported USING (line_id, week)
INNER JOIN providers USING (provider_id)
-- A week that the period only touches belongs to the period it begins in.
WHERE week >= (SELECT from_date FROM bounds)
GROUP BY provider_id
ORDER BY provider_id;
