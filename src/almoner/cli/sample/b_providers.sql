-- Providers by kind of care, one in ten people; their homes and branches, contracts and bank accounts.
CREATE TABLE provider AS
WITH numbered AS (
    SELECT k, CASE WHEN k % 20 < 6 THEN 'home_care' WHEN k % 20 < 13 THEN 'residential'
                   WHEN k % 20 < 16 THEN 'day_care' ELSE 'supported_living' END AS kind
    FROM range(greatest(20, getvariable('people') // 10)) AS t(k)
), named AS (
    SELECT *,
        one_of(k, 101, ['Alder', 'Ash', 'Beech', 'Birch', 'Bramble', 'Briar', 'Cedar', 'Cherry', 'Clover', 'Elm', 'Fern', 'Foxglove', 'Hawthorn',
            'Hazel', 'Heather', 'Holly', 'Ivy', 'Juniper', 'Larch', 'Laurel', 'Lavender', 'Lime', 'Linden', 'Maple', 'Meadow', 'Myrtle', 'Oak',
            'Orchard', 'Poplar', 'Primrose', 'Rowan', 'Sage', 'Sorrel', 'Sycamore', 'Thistle', 'Thyme', 'Walnut', 'Willow', 'Wren', 'Yew'])
        || one_of(k, 102, ['bank', 'bourne', 'bridge', 'brook', 'combe', 'croft', 'dale', 'dene', 'field', 'ford', 'gate', 'green', 'hurst',
            'lea', 'leigh', 'mead', 'moor', 'ridge', 'side', 'stead', 'ton', 'vale', 'well', 'wick', 'wood', 'worth']) AS place
    FROM numbered
)
SELECT k, kind, 'P' || lpad((10001 + k)::VARCHAR, 5, '0') AS provider_id,
    place || CASE kind
        WHEN 'home_care' THEN one_of(k, 103, [' Home Care', ' Care at Home', ' Homecare Ltd', ' Community Care', ' Carers CIC'])
        WHEN 'residential' THEN one_of(k, 103, [' House', ' Lodge', ' Court', ' Manor', ' Grange', ' Nursing Home', ' Rest Home'])
        WHEN 'day_care' THEN one_of(k, 103, [' Day Centre', ' Day Opportunities', ' Club', ' Activities CIC'])
        ELSE one_of(k, 103, [' Supported Living', ' Support', ' Living Options', ' Independence Ltd']) END AS name,
    -- A provider in a hundred and fifty is still waiting for its finance number (CRD).
    CASE WHEN draw(k, 104, 150) > 0 OR k < 20 THEN (700000 + k * 7 + draw(k, 105, 7))::VARCHAR END AS creditor_reference,
    '1-' || (1000000000 + k * 977 + draw(k, 106, 977))::VARCHAR AS cqc_provider_id,
    'payments@p' || (10001 + k)::VARCHAR || '.example' AS email
FROM named;

CREATE TABLE site AS
SELECT p.k, p.provider_id, p.provider_id || '-' || (n + 1)::VARCHAR AS site_id,
    CASE WHEN n = 0 THEN p.name ELSE p.name || one_of(p.k * 8 + n, 111, [' East', ' West', ' Annexe', ' Park']) || ' ' || n::VARCHAR END AS name,
    '1-' || (2000000000 + p.k * 977 + n)::VARCHAR AS cqc_location_id
FROM provider p, range(4) AS t(n)
WHERE n = 0 OR (p.kind = 'residential' AND n <= draw(p.k, 112, 3));

CREATE TABLE bank_account AS
SELECT k, provider_id AS party_id, '09' || lpad(draw(k, 121, 10000)::VARCHAR, 4, '0') AS sort_code,
    lpad((10000000 + k * 811 + draw(k, 122, 811))::VARCHAR, 8, '0') AS account_number, upper(left(name, 18)) AS account_name,
    DATE '2020-04-06' AS valid_from, one_of(k, 123, ['a.osei', 'j.marsh', 'r.patel']) AS entered_by,
    -- An account in sixty has been typed in and not yet verified by a second person (BNK).
    CASE WHEN draw(k, 124, 60) > 0 THEN one_of(k, 125, ['d.hughes', 'm.lowe']) END AS verified_by,
    CASE WHEN draw(k, 124, 60) > 0 THEN DATE '2020-04-08' + draw(k, 126, 20)::INTEGER END AS verified_on
FROM provider;

-- Each provider has a contract for what it gives; a third of the homes also nurse, every home care agency is also paid one-offs.
CREATE TABLE contract AS
WITH wanted AS (
    SELECT *, kind AS service FROM provider
    UNION ALL SELECT *, 'nursing' FROM provider WHERE kind = 'residential' AND (k % 20) IN (6, 9, 12)
    UNION ALL SELECT *, 'one_off' FROM provider WHERE kind = 'home_care'
), shaped AS (
    SELECT *, CASE service WHEN 'home_care' THEN CASE WHEN draw(k, 131, 100) < getvariable('actuals_percent') THEN 'actuals' ELSE 'planned' END
            WHEN 'residential' THEN 'placement' WHEN 'nursing' THEN 'placement' WHEN 'day_care' THEN 'actuals'
            WHEN 'supported_living' THEN 'planned' ELSE 'one_off' END AS basis
    FROM wanted
)
SELECT k, service, basis, row_number() OVER (PARTITION BY service ORDER BY k) - 1 AS place, count(*) OVER (PARTITION BY service) AS places,
    provider_id || CASE service WHEN 'home_care' THEN '-HC' WHEN 'residential' THEN '-RC' WHEN 'nursing' THEN '-NC' WHEN 'day_care' THEN '-DC'
        WHEN 'supported_living' THEN '-SL' ELSE '-OO' END AS contract_id,
    provider_id, replace(service, '_', ' ') AS service_type, provider_id || '-1' AS site_id,
    CASE WHEN service = 'home_care' AND draw(k, 132, 100) < 15 THEN 'weekly' WHEN service IN ('residential', 'nursing') AND draw(k, 132, 100) < 10
        THEN 'monthly' ELSE 'four_weekly' END AS cycle,
    CASE WHEN service = 'home_care' AND draw(k, 133, 100) < 8 THEN 'saturday' ELSE 'monday' END AS week_start,
    -- A week of two day places has no meaningful tenth: day care is not compared with its plan.
    CASE WHEN service = 'day_care' THEN 10000 ELSE [500, 1000, 1000, 1000, 1500, 2500][1 + draw(k, 134, 6)] END AS tolerance_percent,
    CASE WHEN service = 'home_care' AND draw(k, 135, 100) < 10 THEN 'excess' ELSE 'person_week' END AS hold,
    CASE WHEN service <> 'home_care' OR draw(k, 136, 100) < 50 THEN 0 WHEN draw(k, 136, 100) < 85 THEN 15 ELSE 5 END AS rounding_minutes,
    CASE WHEN draw(k, 136, 100) < 85 THEN 'nearest' ELSE 'up' END AS rounding_mode,
    service = 'home_care' AND draw(k, 137, 100) < 25 AS cap_at_planned,
    CASE WHEN service = 'home_care' AND draw(k, 138, 100) < 10 THEN 'visit' ELSE 'week' END AS money_rounding,
    service NOT IN ('residential', 'nursing') OR draw(k, 139, 100) < 60 AS pays_last_day,
    CASE WHEN service IN ('residential', 'nursing') THEN [0, 3, 7][1 + draw(k, 140, 3)] ELSE 0 END AS days_paid_after_death,
    draw(k, 141, 100) < 10 AS needs_agreement,
    CASE WHEN service = 'home_care' AND draw(k, 142, 100) < 40 THEN 'emergency;return from hospital' END AS release_reasons,
    -- How this provider reports: one agency in twenty sends one total a week, a third name the carer.
    service = 'home_care' AND draw(k, 133, 100) >= 8 AND draw(k, 143, 100) < 6 AS totals,
    service = 'home_care' AND draw(k, 144, 100) < 33 AS names_carers
FROM shaped;
