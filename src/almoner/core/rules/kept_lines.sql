-- kept_lines: the lines to work out, with their person's window (DIF-1), so that everything after reads only these.
SELECT l.*, w.post_from, w.post_until, w.calc_from, w.calc_until
FROM lines l
JOIN person_windows w USING (person_id)
