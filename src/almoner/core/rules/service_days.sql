-- service_days: days on which a person's contribution runs (CHG-1): a chargeable line is in service (a placement: its paid days).
-- `lo` leaves out lines not yet authorised or agreed, which carry none until they are.
SELECT DISTINCT d.person_id, d.date, 'hi' AS state
FROM line_days d
JOIN chargeable_lines c ON c.line_no = d.line_no AND d.date >= c.from_date AND d.date < c.until_date
UNION ALL
SELECT DISTINCT d.person_id, d.date, 'lo'
FROM line_days d
JOIN chargeable_lines c ON c.line_no = d.line_no AND d.date >= c.from_date AND d.date < c.until_date
ANTI JOIN unready_weeks u ON u.line_no = d.line_no AND u.week = d.week
