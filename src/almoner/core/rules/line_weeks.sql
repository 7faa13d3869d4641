-- line_weeks: each line's own weeks (CAL-2) with any of its days, and which of them: [from_date, until_date).
WITH weeks AS (
    SELECT line_no, person_id, basis, from_date, until_date,
        week_of(from_date, first_weekday) + 7 * unnest(range(0, (until_date - week_of(from_date, first_weekday) + 6)::BIGINT // 7))::INTEGER AS week
    FROM line_spans
)
SELECT line_no, person_id, basis, week, greatest(from_date, week) AS from_date, least(until_date, week + 7) AS until_date
FROM weeks
