-- Who pays a part: nursing care and joint packages by the health service, contributions by the people, top-ups by families.
CREATE TABLE funder AS
SELECT * FROM (VALUES ('F01', 'Northern Vale Integrated Care Board', 'icb'), ('F02', 'Southern Vale Integrated Care Board', 'icb'),
    ('F03', 'Neighbouring County Council', 'council')) AS t(funder_id, name, kind);

CREATE TABLE share AS
-- NHS-funded nursing care: the national weekly amounts of 2024/25, 2025/26 and 2026/27; claimed, or paid direct by the health service.
SELECT n, line_id, 1 AS share_order, 'F0' || (1 + i % 2)::VARCHAR AS funder_id, amount AS amount_per_week, NULL::BIGINT AS percent,
    CASE WHEN draw(k, 601, 100) < 40 THEN 'direct' ELSE 'claim' END AS settlement, 'FNC' AS scheme, valid_from, valid_to
FROM line, (VALUES (23588, DATE '2020-04-06', DATE '2025-04-06'), (25406, DATE '2025-04-07', DATE '2026-04-05'), (26768, DATE '2026-04-06', NULL))
    AS fnc(amount, valid_from, valid_to)
WHERE service = 'nursing'
UNION ALL
SELECT n, line_id, 1, 'F0' || (1 + i % 2)::VARCHAR, NULL, CASE exempt_reason WHEN 's117' THEN 5000 ELSE 10000 END, 'claim',
    CASE exempt_reason WHEN 's117' THEN 'Section 117' ELSE 'Continuing healthcare' END, DATE '2020-04-06', NULL
FROM line WHERE exempt_reason IN ('s117', 'chc')
UNION ALL
-- Joint packages; in one of five the health service's part changes in the middle of a week.
SELECT n, line_id, 1, 'F0' || (1 + i % 2)::VARCHAR, NULL, 1000 * (2 + draw(n, 602, 5)), 'claim', 'Joint package', DATE '2020-04-06',
    CASE WHEN draw(n, 603, 5) = 0 THEN getvariable('first_day') + (days // 2)::INTEGER + 1 END
FROM line WHERE exempt_reason IS NULL AND service IN ('home_care', 'supported_living', 'residential') AND draw(n, 604, 100) < 4
UNION ALL
SELECT n, line_id, 1, 'F0' || (1 + i % 2)::VARCHAR, NULL, 1000 * (3 + draw(n, 602, 5)), 'claim', 'Joint package',
    getvariable('first_day') + (days // 2)::INTEGER + 2, NULL
FROM line WHERE exempt_reason IS NULL AND service IN ('home_care', 'supported_living', 'residential') AND draw(n, 604, 100) < 4 AND draw(n, 603, 5) = 0
UNION ALL
SELECT n, line_id, 1, 'F03', NULL, 5000, 'claim', 'Placed by agreement', DATE '2020-04-06', NULL
FROM line WHERE service = 'residential' AND draw(n, 604, 100) >= 98;

CREATE TABLE contribution AS
SELECT i, person_id, CASE WHEN package = 'placement' THEN 16000 + 25 * draw(i, 611, 400) ELSE 1500 + 5 * draw(i, 612, 1600) END AS amount_per_week,
    CASE WHEN package = 'placement' AND draw(i, 613, 100) < 15 THEN 'provider' ELSE 'council' END AS collector,
    DATE '2020-04-06' AS valid_from, NULL::DATE AS valid_to
FROM person WHERE draw(i, 614, 100) < 65;

CREATE TABLE top_up AS
SELECT n, person_id, line_id, 'T' || (200000 + i)::VARCHAR AS payer_id, 2500 + 250 * draw(n, 621, 40) AS amount_per_week,
    CASE WHEN draw(n, 622, 100) < 60 THEN 'council' ELSE 'provider' END AS collector, DATE '2020-04-06' AS valid_from, NULL::DATE AS valid_to
FROM line WHERE service IN ('residential', 'nursing') AND draw(n, 623, 100) < 8;

CREATE TABLE absence AS
SELECT i, person_id, 'hospital' AS kind, hospital_from AS first_day,
    CASE WHEN hospital_to < getvariable('today') OR date_of_death IS NOT NULL THEN least(hospital_to, coalesce(date_of_death, hospital_to)) END AS last_day
FROM person WHERE hospital_from <= coalesce(date_of_death, hospital_from)
UNION ALL
SELECT i, person_id, 'holiday', getvariable('first_day') + draw(i, 632, days)::INTEGER AS first_day, first_day + 6 FROM person
WHERE package IN ('placement', 'home_and_day') AND hospital_from IS NULL AND date_of_death IS NULL AND draw(i, 631, 100) < 3;

-- Some lines have a price of their own from some day; some hours change.
CREATE TABLE line_rate AS
SELECT n, line_id, CASE service WHEN 'supported_living' THEN 225000 + 500 * draw(n, 641, 60) ELSE 8000000 + 50000 * draw(n, 642, 80) END AS rate,
    CASE service WHEN 'supported_living' THEN 'hour' ELSE 'week' END AS unit, start_date + draw(n, 643, days)::INTEGER AS valid_from, NULL::DATE AS valid_to
FROM line WHERE element IN ('support', 'dementia') AND draw(n, 644, 100) < 3;

CREATE TABLE line_term AS
SELECT n, line_id, getvariable('first_day') + ((days // 14) * 7)::INTEGER AS valid_from, NULL::DATE AS valid_to, quantity_per_week + 200 AS quantity_per_week
FROM line JOIN quantity USING (n) WHERE element = 'support' AND draw(n, 651, 100) < 2;
