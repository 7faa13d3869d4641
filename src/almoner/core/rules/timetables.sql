-- timetables: planned visits of the same start, length and carers together, their weekdays as bits, the contract's first weekday the lowest
-- (CAL-2, LIN-1).
SELECT s.line_no, s.start_minute, s.minutes, s.carers, s.from_date, s.until_date,
    bit_or(1 << ((s.weekday - l.first_weekday + 7) % 7)::INTEGER) AS days
FROM slots s
JOIN package_lines l USING (line_no)
GROUP BY s.line_no, s.start_minute, s.minutes, s.carers, s.from_date, s.until_date
