-- Package lines: one or more for each person. A line begins no earlier than the first day of the sample: that day the council
-- moved its packages over, and what was paid before then was paid elsewhere.
-- More than one council's people have the providers of their own district.
CREATE TABLE line AS
WITH district AS (
    SELECT greatest(1, getvariable('people') // 8000) AS districts
), wanted AS (
    SELECT i, 1 AS seq, CASE package WHEN 'placement' THEN CASE WHEN draw(i, 401, 10) < 6 THEN 'residential' ELSE 'nursing' END
        WHEN 'home_and_day' THEN 'home_care' ELSE package END AS service,
        CASE package WHEN 'placement' THEN CASE WHEN draw(i, 402, 10) < 6 THEN 'standard' ELSE 'dementia' END
        WHEN 'day_care' THEN 'day_place' WHEN 'supported_living' THEN 'support' ELSE 'personal_care' END AS element, 411 AS salt
    FROM person
    UNION ALL SELECT i, 2, 'day_care', 'day_place', 412 FROM person WHERE package = 'home_and_day'
    UNION ALL SELECT i, 3, 'supported_living', 'sleep_in', 411 FROM person WHERE package = 'supported_living' AND draw(i, 403, 100) < 35
    UNION ALL SELECT i, 3, 'day_care', 'transport', 411 FROM person WHERE package = 'day_care' AND draw(i, 403, 100) < 40
    UNION ALL SELECT i, 4, 'home_care', 'sitting_service', 411 FROM person WHERE package = 'home_care' AND draw(i, 404, 100) < 6
    UNION ALL SELECT i, 5, 'home_care', 'personal_care', 413 FROM person WHERE package = 'home_care' AND draw(i, 405, 100) < 8
    UNION ALL SELECT i, 6, 'one_off', 'equipment', 414 FROM person WHERE draw(i, 406, 100) < 4
), placed AS MATERIALIZED (
    SELECT w.*, w.i * districts // getvariable('people') * (size.places // districts) + heavy(w.i, w.salt, size.places // districts) AS place
    FROM wanted w JOIN (SELECT service, any_value(places) AS places FROM contract GROUP BY service) AS size USING (service), district
), contracted AS (
    SELECT i * 8 + seq AS n, i, seq, element, days, person_id, package, date_of_death, hospital_from, hospital_to, contract.* EXCLUDE (place)
    FROM placed JOIN contract USING (service, place) JOIN person USING (i)
), dated AS (
    SELECT *, CASE WHEN service = 'one_off' THEN draw(n, 421, days) WHEN draw(n, 422, 100) < 8 THEN draw(n, 421, days) ELSE 0 END AS begins
    FROM contracted
)
SELECT *,
    'L' || lpad((10000000 + n)::VARCHAR, 8, '0') AS line_id,
    getvariable('first_day') + begins::INTEGER AS start_date,
    CASE WHEN service = 'one_off' THEN start_date WHEN draw(n, 423, 400) = 0 THEN start_date - 1
        WHEN draw(n, 423, 400) < 21 THEN start_date + draw(n, 424, days - begins)::INTEGER END AS end_date,
    least(coalesce(end_date, getvariable('last_day')), coalesce(date_of_death, getvariable('last_day')), getvariable('last_day')) AS last_given,
    -- A one-off has its own price in whole pounds.
    CASE WHEN service = 'one_off' THEN 10000 * (40 + 5 * draw(n, 435, 80)) END AS rate, CASE WHEN service = 'one_off' THEN 'each' END AS rate_unit,
    -- Home care and day care have visits; nine home care lines in ten also have them in the timetable, the others a number of hours.
    service IN ('home_care', 'day_care') AS visited,
    service = 'day_care' OR (service = 'home_care' AND draw(n, 425, 100) < 90) AS timetabled,
    1 + CASE WHEN service = 'home_care' AND draw(n, 426, 100) < 15 THEN 1 ELSE 0 END AS carers,
    CASE service WHEN 'residential' THEN 'ASC-6510' WHEN 'nursing' THEN 'ASC-6520' WHEN 'home_care' THEN 'ASC-6610' WHEN 'day_care' THEN 'ASC-6630'
        WHEN 'supported_living' THEN 'ASC-6640' ELSE 'ASC-6690' END || '-' || one_of(i, 427, ['N', 'S', 'E', 'W']) AS cost_code,
    -- One line in two hundred and fifty is not yet authorised (AUT); where it is needed, one in forty not yet agreed (AGR).
    CASE WHEN draw(n, 428, 250) > 0 THEN start_date - 3 - draw(n, 429, 20)::INTEGER END AS authorised_on,
    CASE WHEN draw(n, 428, 250) > 0 THEN one_of(n, 430, ['k.bright', 's.mistry', 't.underhill', 'w.achebe']) END AS authorised_by,
    CASE WHEN needs_agreement AND draw(n, 431, 40) > 0 THEN start_date - draw(n, 432, 3)::INTEGER END AS agreed_on,
    CASE WHEN package = 'supported_living' AND draw(i, 433, 100) < 12 THEN 's117' WHEN package = 'home_care' AND draw(i, 433, 100) < 3 THEN 'chc'
        WHEN service = 'home_care' AND draw(n, 434, 100) < 4 THEN 'reablement' WHEN service = 'one_off' THEN 'equipment' END AS exempt_reason
FROM dated;

-- Visits of a week, planned: how many a day, on which days, when and how long.
CREATE TABLE slot AS
WITH daily AS (
    SELECT *, CASE WHEN service = 'day_care' THEN 1 WHEN getvariable('busy') THEN 4 ELSE [1, 2, 2, 3, 3, 3, 4, 4, 4, 4][1 + draw(n, 501, 10)] END AS visits_a_day,
        CASE WHEN service = 'day_care' OR element = 'sitting_service' THEN [[0, 2], [1, 3], [2, 4], [0, 2, 4], [1, 2, 3, 4], [0, 1, 2, 3, 4]][1 + draw(i, 502, 6)]
            WHEN getvariable('busy') OR draw(n, 502, 100) < 72 THEN [0, 1, 2, 3, 4, 5, 6] WHEN draw(n, 502, 100) < 92 THEN [0, 1, 2, 3, 4] ELSE [0, 2, 4] END AS days_of_week
    FROM line WHERE visited
), placed AS (
    SELECT *, CASE WHEN service = 'day_care' THEN 1 WHEN element = 'sitting_service' OR visits_a_day = 1 THEN draw(n, 503, 4)
            WHEN visits_a_day = 2 THEN [0, 3][visit + 1] WHEN visits_a_day = 3 THEN [0, 1, 3][visit + 1] ELSE visit END AS part_of_day
    FROM daily, range(4) AS t(visit) WHERE visit < CASE WHEN element = 'sitting_service' THEN 1 ELSE visits_a_day END
)
SELECT n, i, line_id, day AS weekday, part_of_day,
    CASE WHEN service = 'day_care' THEN 600 ELSE [420, 720, 960, 1200][part_of_day + 1] + 15 * draw(n * 4 + part_of_day, 504, 7) END AS starts,
    CASE WHEN service = 'day_care' THEN 300 WHEN element = 'sitting_service' THEN [120, 180, 240][1 + draw(n, 505, 3)]
        WHEN part_of_day = 0 THEN [30, 45, 45, 60][1 + draw(n, 506, 4)] ELSE [15, 30, 30, 30, 45][1 + draw(n * 4 + part_of_day, 507, 5)] END AS minutes,
    carers
FROM placed, unnest(days_of_week) AS d(day);

-- A line without a timetable has the same care as a number of hours, hundredths.
CREATE TABLE quantity AS
SELECT n, CASE WHEN element = 'sleep_in' THEN 100 * (1 + draw(n, 511, 7)) ELSE 100 * (6 + draw(n, 512, 50)) END AS quantity_per_week
FROM line WHERE service = 'supported_living'
UNION ALL SELECT n, sum(s.minutes * s.carers)::BIGINT * 100 // 60 FROM slot s JOIN line USING (n) WHERE NOT timetabled GROUP BY n
UNION ALL SELECT n, 100 FROM line WHERE service = 'one_off';

CREATE TABLE timetable AS
SELECT s.n, s.part_of_day, s.weekday AS day, s.line_id,
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'][s.weekday + 1] AS weekday,
    make_time(starts // 60, starts % 60, 0) AS start_time, minutes, s.carers, DATE '2020-04-06' AS valid_from, NULL::DATE AS valid_to
FROM slot s JOIN line USING (n) WHERE timetabled;
