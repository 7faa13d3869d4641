-- kept_lines: the lines to work out, numbered, with their contract and their person's window (DIF-1), so that everything after reads only these.
WITH within AS (
    SELECT l.*, w.post_from, w.post_until, w.calc_from, w.calc_until FROM lines l JOIN person_windows w USING (person_id)
),
timetabled AS (
    SELECT DISTINCT s.line_id FROM schedule s SEMI JOIN within USING (line_id)
)
SELECT row_number() OVER (ORDER BY k."row")::INTEGER AS line_no, k.*, c.provider_id, c.basis, c.service_type, c.nation,
    weekday_number(c.week_start) AS first_weekday, k.line_id IN (SELECT line_id FROM timetabled) AS has_timetable
FROM within k
JOIN contracts c USING (contract_id)
