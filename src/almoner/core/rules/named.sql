-- named: which planned visit each reported visit names, and so its plan (LIN-2, PRC-1).
-- By line, date and start time; with a blank start time the only planned visit of that day. An `extra` names none, and where there
-- is a timetable a delivered visit that names none is an extra: it has no plan. Without a timetable the row's own planned minutes are its plan.
SELECT r."row", r.line_no, r.date, r.week, r.start_minute, r.outcome, r.delivered_minutes, r.units_hundredths, r.carers,
    coalesce(r.date > r.submitted_at::DATE, FALSE) AS is_future,
    coalesce(s.start_minute, b.start_minute) AS named_start_minute,
    CASE WHEN r.outcome = 'extra' THEN NULL
         WHEN r.has_timetable AND r.outcome = 'delivered' THEN coalesce(s.minutes, b.minutes)
         ELSE coalesce(s.minutes, b.minutes, r.planned_minutes) END AS plan_minutes,
    coalesce(s.carers, b.carers, r.carers) AS plan_carers
FROM reported r
LEFT JOIN slots s
    ON s.line_no = r.line_no AND s.weekday = isodow(r.date) AND s.start_minute = r.start_minute
    AND r.date >= s.from_date AND r.date < s.until_date AND r.outcome <> 'extra'
LEFT JOIN blank_starts b ON b."row" = r."row"
WHERE NOT r.is_total
