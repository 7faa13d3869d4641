-- told_plans: the plan that reports of visits carry on lines without a timetable, on days in the line's dates (HLD-1, LIN-2): minutes, carers and
-- the day of the week as a bit.
SELECT r.line_no, r.week, r.planned_minutes AS minutes, r.carers, 1 << (r.date - r.week)::INTEGER AS days
FROM reported r
JOIN package_lines l USING (line_no)
WHERE NOT r.has_timetable AND NOT r.is_total AND r.outcome <> 'extra' AND r.planned_minutes > 0 AND NOT l.cancelled
    AND r.date >= l.start_date AND (l.last_day IS NULL OR r.date <= l.last_day)
