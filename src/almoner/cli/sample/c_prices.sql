-- Prices for three years, uplifted each April; weekends, bank holidays and bands in some contracts; policies for what was not given.
CREATE TABLE year_of_prices AS
SELECT * FROM (VALUES (DATE '2020-04-06', DATE '2025-04-06', 920), (DATE '2025-04-07', DATE '2026-04-05', 958), (DATE '2026-04-06', NULL, 1000))
    AS t(valid_from, valid_to, per_mille);

-- In pence of 2026; every year's price is a whole number of pence.
CREATE TABLE price AS
WITH base AS (
    SELECT contract_id, k, 'personal_care' AS element, 'hour' AS unit, 'any' AS day_type, NULL::BIGINT AS band, 2400 + 5 * draw(k, 201, 41) AS pence
    FROM contract WHERE service = 'home_care'
    UNION ALL SELECT contract_id, k, 'sitting_service', 'hour', 'any', NULL, 1980 + 5 * draw(k, 202, 41) FROM contract WHERE service = 'home_care'
    UNION ALL SELECT contract_id, k, 'standard', 'week', 'any', NULL, 70000 + 500 * draw(k, 203, 61) FROM contract WHERE service = 'residential'
    UNION ALL SELECT contract_id, k, 'dementia', 'week', 'any', NULL, 80000 + 500 * draw(k, 204, 61) FROM contract WHERE service = 'residential'
    UNION ALL SELECT contract_id, k, 'standard', 'week', 'any', NULL, 95000 + 500 * draw(k, 205, 61) FROM contract WHERE service = 'nursing'
    UNION ALL SELECT contract_id, k, 'dementia', 'week', 'any', NULL, 105000 + 500 * draw(k, 206, 61) FROM contract WHERE service = 'nursing'
    UNION ALL SELECT contract_id, k, 'day_place', 'day', 'any', NULL, 5200 + 50 * draw(k, 207, 33) FROM contract WHERE service = 'day_care'
    UNION ALL SELECT contract_id, k, 'transport', 'each', 'any', NULL, 850 + 25 * draw(k, 208, 13) FROM contract WHERE service = 'day_care'
    UNION ALL SELECT contract_id, k, 'support', 'hour', 'any', NULL, 2100 + 5 * draw(k, 209, 51) FROM contract WHERE service = 'supported_living'
    UNION ALL SELECT contract_id, k, 'sleep_in', 'night', 'any', NULL, 9500 + 50 * draw(k, 210, 51) FROM contract WHERE service = 'supported_living'
), days AS (
    SELECT * FROM base
    UNION ALL SELECT contract_id, k, element, unit, 'weekend', NULL, pence + 150 FROM base WHERE unit = 'hour' AND draw(k, 211, 100) < 50
    UNION ALL SELECT contract_id, k, element, unit, 'bank_holiday', NULL, pence * 3 // 2 FROM base WHERE unit = 'hour'
    -- Short visits cost more by the minute: flat prices up to 15, 30 and 45 minutes.
    UNION ALL SELECT contract_id, k, element, unit, 'any', minutes, pence * minutes // 60 + 90 FROM base, (VALUES (15), (30), (45)) AS b(minutes)
        WHERE element = 'personal_care' AND draw(k, 211, 100) >= 85
)
SELECT contract_id, element, unit, day_type, band AS band_minutes_up_to, (pence * per_mille // 1000) * 100 AS rate, valid_from, valid_to
FROM days, year_of_prices;

CREATE TABLE absence_policy AS
SELECT contract_id, kind, from_day, percent, DATE '2020-04-06' AS valid_from, NULL::DATE AS valid_to
FROM contract, (VALUES ('hospital', 1, 10000), ('hospital', 15, 5000), ('hospital', 43, 0), ('holiday', 1, 10000)) AS t(kind, from_day, percent)
WHERE basis = 'placement';

CREATE TABLE frustration_policy AS
SELECT contract_id, reason, percent, max_days, DATE '2020-04-06' AS valid_from, NULL::DATE AS valid_to
FROM contract, (VALUES (NULL, 10000, 2), ('no reply', 5000, NULL), ('in hospital', 10000, 7)) AS t(reason, percent, max_days)
WHERE service = 'home_care' AND draw(k, 221, 100) < 60;

-- One home care contract in fifty agrees new banding half way through; the past keeps the banding it had (CAL-5).
CREATE TABLE contract_term AS
SELECT contract_id, getvariable('first_day') + ((getvariable('last_day') - getvariable('first_day') + 1) // 14 * 7)::INTEGER AS valid_from,
    NULL::DATE AS valid_to, 15 AS rounding_minutes, 'nearest' AS rounding_mode
FROM contract WHERE service = 'home_care' AND rounding_minutes = 0 AND draw(k, 222, 100) < 4;
