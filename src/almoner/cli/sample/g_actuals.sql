-- What was given in the weeks of lines n >= $first and n < $until, as the providers submitted it: nearly always as planned, seldom not.
WITH visits_due AS (
    SELECT s.*, l.service, l.basis, l.totals, l.names_carers, l.timetabled, l.week_start, l.hospital_from, l.hospital_to, l.k, l.element,
        l.date_of_death, week, week + s.weekday::INTEGER AS date,
        scramble(s.n * 1009 + (week - DATE '2020-01-06') // 7 + getvariable('seed')) AS week_chance,
        scramble(s.n * 36028797 + (week - DATE '2020-01-06' + s.weekday) * 8 + s.part_of_day + getvariable('seed') * 31) AS chance
    FROM (SELECT * FROM slot WHERE n >= $first AND n < $until) AS s
    JOIN line l USING (n)
    JOIN (SELECT getvariable('first_day') + (7 * w)::INTEGER AS week FROM range((getvariable('last_day') - getvariable('first_day') + 1) // 7) AS t(w)) AS weeks
        ON week + s.weekday::INTEGER BETWEEN l.start_date AND l.last_given
), outcomes AS (
    SELECT *, date BETWEEN hospital_from AND hospital_to AS away,
        -- A week in eighty is not submitted, or weeks late; a week in three hundred is submitted before its weekend.
        CASE WHEN week_chance % 1000 < 12 THEN week + 6 + (10 + week_chance // 1000 % 25)::INTEGER
            WHEN week_chance % 1000 < 15 THEN week + 4 ELSE week + 7 + (week_chance // 1000 % 3)::INTEGER END AS submitted_on,
        week_chance // 100000 % 1000 < 8 AS busy_week,
        CASE WHEN away THEN CASE WHEN chance % 100 < 1 THEN 'delivered' WHEN date < hospital_from + 2 AND service = 'home_care' THEN 'frustrated' ELSE 'cancelled' END
            WHEN chance % 1000 < 2 THEN 'missed' WHEN chance % 1000 < 9 THEN 'frustrated' WHEN chance % 1000 < 12 THEN 'cancelled' ELSE 'delivered' END AS outcome,
        chance // 1000 % 1000 AS spread,
        CASE WHEN spread < 620 OR service = 'day_care' THEN minutes WHEN spread < 800 THEN minutes - 1 - spread % 5 WHEN spread < 970 THEN minutes + 1 + spread % 6
            WHEN spread < 985 THEN minutes - minutes // 3 ELSE minutes + 15 END + CASE WHEN busy_week AND service = 'home_care' THEN minutes * 2 // 5 ELSE 0 END AS given
    FROM visits_due
), told AS (
    SELECT * FROM outcomes WHERE submitted_on < getvariable('today')
        -- Where the plan is paid, the provider tells only what differed.
        AND (basis = 'actuals' OR (timetabled AND (outcome <> 'delivered' OR spread >= 985)))
), visits AS (
    SELECT n, line_id, date, 'visit' AS kind, starts, CASE WHEN timetabled THEN NULL ELSE minutes END AS planned_minutes,
        CASE WHEN outcome = 'delivered' AND service = 'home_care' THEN starts + spread % 13 - 4 END AS began,
        CASE WHEN outcome = 'delivered' THEN given ELSE 0 END AS delivered_minutes,
        CASE WHEN outcome = 'delivered' AND service = 'day_care' THEN 100 END AS units, carers,
        CASE WHEN names_carers AND outcome = 'delivered' THEN 'K' || (100000 + n - CASE WHEN spread % 400 = 0 THEN 8 ELSE 0 END)::VARCHAR END AS carer_id,
        outcome,
        CASE WHEN away AND outcome <> 'delivered' THEN 'in hospital' WHEN outcome = 'frustrated' THEN ['no reply', 'refused', 'family visiting'][1 + spread % 3]
            WHEN busy_week AND spread % 7 = 0 THEN 'emergency' END AS reason,
        CASE WHEN busy_week AND spread % 7 = 0 THEN ['Unwell, stayed until the district nurse came', 'Fall in the night, helped to wash and change',
            'Daughter away, longer visits agreed by phone'][1 + spread % 3] END AS comment,
        submitted_on, week_chance
    FROM told WHERE NOT (totals AND basis = 'actuals')
    UNION ALL
    -- A visit nobody had planned: an emergency.
    SELECT n, line_id, date, 'visit', starts + 90, NULL, starts + 92, 30, NULL, 1, NULL, 'extra', 'emergency', 'Called back by the pendant alarm', submitted_on, week_chance
    FROM told WHERE NOT totals AND basis = 'actuals' AND service = 'home_care' AND NOT away AND chance // 1000000 % 1000 < 2
    UNION ALL
    -- The same visit sent twice with another start: held (DUP).
    SELECT n, line_id, date, 'visit', starts + 10, NULL, NULL, 15, NULL, 1, NULL, 'extra', NULL, NULL, submitted_on, week_chance
    FROM told WHERE NOT totals AND basis = 'actuals' AND service = 'home_care' AND NOT away AND chance // 1000000 % 5000 = 7
    UNION ALL
    -- The day after a death the rota had not been stopped (DTH).
    SELECT n, line_id, date + 1, 'visit', starts, NULL, NULL, minutes, NULL, 1, NULL, 'delivered', NULL, NULL, submitted_on, week_chance
    FROM told WHERE NOT totals AND basis = 'actuals' AND service = 'home_care' AND date = date_of_death AND weekday < 6 AND n % 5 = 0
    UNION ALL
    SELECT n, line_id, week, 'week', NULL, NULL, NULL, sum(given * carers) FILTER (outcome = 'delivered'), NULL, 1, NULL, 'delivered', NULL, NULL,
        any_value(submitted_on), any_value(week_chance)
    FROM told WHERE totals AND basis = 'actuals' GROUP BY n, line_id, week HAVING sum(given) FILTER (outcome = 'delivered') > 0
)
SELECT line_id, date, kind, make_time(starts // 60, starts % 60, 0) AS start_time, planned_minutes, make_time(began // 60, began % 60, 0) AS actual_start_time,
    delivered_minutes, units, carers, carer_id, outcome, reason, comment,
    submitted_on + make_time(8 + week_chance // 7 % 10, week_chance // 77 % 60, 0) AS submitted_at
FROM visits ORDER BY n, date, starts
