-- balances: every key with what is sealed, what ought to be (lo, hi) and what may be posted up to now (HLD-5, DIF-1).
-- `posted_pence` is what stands after this run: clamp(sealed, lo, hi), and for payees who must wait at most what is sealed.
WITH keys AS (
    SELECT coalesce(e.book, s.book) AS book, coalesce(e.line_no, s.line_no) AS line_no, coalesce(e.person_id, s.person_id) AS person_id,
        coalesce(e.payee_id, s.payee_id) AS payee_id, coalesce(e.week, s.week) AS week,
        coalesce(e.lo_pence, 0) AS lo_pence, coalesce(e.hi_pence, 0) AS hi_pence, coalesce(s.sealed_pence, 0) AS sealed_pence,
        s.sealed_pence IS NOT NULL AS was_sealed
    FROM entitlement e
    FULL JOIN sealed s
        ON s.week = e.week AND s.line_no = e.line_no AND s.payee_id = e.payee_id AND s.person_id = e.person_id AND s.book = e.book
),
cleared AS (
    SELECT *, clamped(sealed_pence, lo_pence, hi_pence) AS cleared_pence FROM keys
),
asked AS MATERIALIZED (
    SELECT k.line_no, k.week, l.person_id, l.provider_id, l.line_id, h.code, w.last_submitted_at
    FROM cleared k
    JOIN package_lines l USING (line_no)
    JOIN payee_holds h ON h.provider_id = l.provider_id
    LEFT JOIN reported_weeks w ON w.line_no = k.line_no AND w.week = k.week
    WHERE k.book = 'payments' AND k.cleared_pence > k.sealed_pence AND k.cleared_pence > 0
),
waiting AS (
    SELECT k.line_no, k.week, min(k.code) AS code
    FROM asked k
    WHERE NOT EXISTS (
            SELECT 1 FROM releases_in_force r
            WHERE r.code = k.code AND (r.person_id IS NULL OR r.person_id = k.person_id) AND (r.provider_id IS NULL OR r.provider_id = k.provider_id)
                AND (r.line_id IS NULL OR r.line_id = k.line_id) AND (r.week IS NULL OR r.week = k.week)
                AND NOT coalesce(k.last_submitted_at > r."at", FALSE))
    GROUP BY k.line_no, k.week
)
SELECT c.*, w.code AS payee_code,
    CASE WHEN w.code IS NULL THEN c.cleared_pence ELSE greatest(least(0, c.cleared_pence), least(c.cleared_pence, c.sealed_pence)) END AS posted_pence
FROM cleared c
LEFT JOIN waiting w ON c.book = 'payments' AND w.line_no = c.line_no AND w.week = c.week
