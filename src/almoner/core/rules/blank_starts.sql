-- blank_starts: which planned visit a reported visit with a blank start time names: the only one planned for that day, if there is only one (LIN-2).
SELECT r."row", r.line_no, r.date, any_value(s.start_minute) AS start_minute, any_value(s.minutes) AS minutes, any_value(s.carers) AS carers
FROM reported r
JOIN slots s ON s.line_no = r.line_no AND s.weekday = isodow(r.date) AND r.date >= s.from_date AND r.date < s.until_date
WHERE r.start_minute IS NULL AND NOT r.is_total AND r.outcome <> 'extra' AND r.has_timetable
GROUP BY r."row", r.line_no, r.date
HAVING count(*) = 1
