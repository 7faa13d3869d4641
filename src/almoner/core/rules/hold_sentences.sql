-- hold_sentences: the holds with what they mean and what to do, in words (HLD-2, HLD-3). Of the reasons for `DUP` those that apply are given.
WITH doubled AS (
    SELECT DISTINCT h.line_no, h.week, coalesce(d.because, 'total') AS because
    FROM held_visits h
    LEFT JOIN (
        SELECT "row", 'visit' AS because FROM doubled_visits
        UNION ALL SELECT "row", 'named' FROM twice_named
        UNION ALL SELECT "row", 'carer' FROM carer_clashes
    ) d ON d."row" = h.visit_no
    WHERE h.code = 'DUP'
),
told_twice AS (
    SELECT l.line_id, d.week,
        string_agg(
            CASE WHEN because = 'visit' THEN 'A visit overlaps another on the same line and day.'
                 WHEN because = 'named' THEN 'Two rows tell of the same planned visit.'
                 WHEN because = 'carer' THEN 'A carer was still at another visit.'
                 WHEN because = 'total' THEN 'The week has a total as well as visits.' END,
            ' ' ORDER BY because) AS message,
        string_agg(
            CASE WHEN because = 'visit' THEN 'Correct the times.'
                 WHEN because = 'named' THEN 'Send the row that is wrong again, with 0 minutes.'
                 WHEN because = 'carer' THEN 'Correct the times or the carer.'
                 WHEN because = 'total' THEN 'Send the visits that are part of the total again, with 0 minutes.' END,
            ' ' ORDER BY because) || ' If it was all given, ask the payments team to release it.' AS remedy
    FROM doubled d
    JOIN package_lines l USING (line_no)
    GROUP BY l.line_id, d.week
)
SELECT h.code, h.person_id, h.provider_id, h.line_id, h.week, h.amount_pence,
    CASE h.code
        WHEN 'FUT' THEN 'A visit is dated later than the day it was submitted.'
        WHEN 'DUP' THEN t.message
        WHEN 'DTH' THEN 'A visit is dated after the person died.'
        WHEN 'DAT' THEN 'A visit is outside the dates of its line.'
        WHEN 'HOS' THEN 'A visit is on a day the person was in hospital.'
        WHEN 'RAT' THEN 'No usable rate was in force on that day, or none for a visit of that length.'
        WHEN 'UNP' THEN 'These actuals name a line that is not known.'
        WHEN 'TOL' THEN 'What was claimed for this person and week differs from the plan by more than the contract allows.'
        WHEN 'AUT' THEN 'The line is not authorised yet.'
        WHEN 'AGR' THEN 'The provider has not agreed the line yet.'
        WHEN 'BNK' THEN 'The provider''s bank account is not verified by a second person.'
        WHEN 'CRD' THEN 'The provider has no creditor reference.'
    END AS message,
    CASE h.code
        WHEN 'FUT' THEN 'Submit it again after the visit, or ask the payments team to release it.'
        WHEN 'DUP' THEN t.remedy
        WHEN 'DTH' THEN 'Check the date of death; if the visit was given, ask the payments team to release it.'
        WHEN 'DAT' THEN 'Ask brokerage to change the line''s dates, or the payments team to release it.'
        WHEN 'HOS' THEN 'Check the hospital dates; if the visit was given, ask the payments team to release it.'
        WHEN 'RAT' THEN 'Ask brokerage to enter the rate for that day and length; it cannot be released.'
        WHEN 'UNP' THEN 'Send the actuals again with the right line, or ask brokerage to enter the line; it cannot be released.'
        WHEN 'TOL' THEN 'Give the reason; the payments team releases or upholds it.'
        WHEN 'AUT' THEN 'Ask brokerage to authorise the line; arrears follow from its start.'
        WHEN 'AGR' THEN 'Agree or reject the line; arrears follow from its start.'
        WHEN 'BNK' THEN 'A second member of staff verifies the account.'
        WHEN 'CRD' THEN 'Finance enters the provider''s creditor reference.'
    END AS remedy
FROM holds h
LEFT JOIN told_twice t ON h.code = 'DUP' AND t.line_id = h.line_id AND t.week = h.week
ORDER BY ALL
