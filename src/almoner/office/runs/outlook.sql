-- The weeks of a provider's lines that wait for actuals, and of each line a whole week to come.
--
-- In:  lines (care.queries.OPEN_LINES); told (line_id, date): days of which some actual is known; paid (line_id, week): weeks sealed
--      before; bounds (today, first_day, last_day): weeks are looked at that have a day in [first_day, last_day]
-- Out: line_weeks (line_id, person_id, basis, week, first_day, last_day): every week of every line, and its days in the line's dates
--      awaited (line_id, person_id, week): weeks paid on actuals that have ended, of which nothing was told (LIN-1)
--      whole_weeks (line_id, week): the first whole week from today on

CREATE OR REPLACE TEMP VIEW first_weekdays AS
SELECT * FROM (VALUES ('monday', 0), ('tuesday', 1), ('wednesday', 2), ('thursday', 3), ('friday', 4), ('saturday', 5), ('sunday', 6)) t (week_start, weekday);

-- 3 January 2000 was a Monday.
CREATE OR REPLACE TEMP VIEW spans AS
SELECT
    lines.*,
    weekday,
    greatest(start_date, (SELECT first_day FROM bounds)) AS span_from,
    least(end_date, date_of_death, (SELECT last_day FROM bounds)) AS span_to
FROM lines
INNER JOIN first_weekdays USING (week_start);

CREATE OR REPLACE TEMP VIEW line_weeks AS
SELECT
    line_id,
    person_id,
    basis,
    week,
    greatest(week, start_date) AS first_day,
    least(week + 6, end_date, date_of_death) AS last_day
FROM spans
CROSS JOIN LATERAL (
    SELECT unnest(generate_series(span_from - (((span_from - DATE '2000-01-03' - weekday) % 7 + 7) % 7)::INTEGER, span_to, INTERVAL 7 DAY))::DATE AS week
) AS weeks
WHERE span_from <= span_to;

CREATE OR REPLACE TEMP VIEW awaited AS
SELECT line_id, person_id, week
FROM line_weeks
ANTI JOIN paid USING (line_id, week)
ANTI JOIN told ON told.line_id = line_weeks.line_id AND told.date BETWEEN line_weeks.week AND line_weeks.week + 6
WHERE basis = 'actuals' AND week + 6 < (SELECT today FROM bounds);

CREATE OR REPLACE TEMP VIEW whole_weeks AS
SELECT line_id, min(week) AS week
FROM line_weeks
WHERE week >= (SELECT today FROM bounds) AND first_day = week AND last_day = week + 6
GROUP BY line_id;
