-- hold_sentences: the holds with what they mean and what to do, in words (HLD-2, HLD-3).
SELECT h.code, h.person_id, h.provider_id, h.line_id, h.week, h.amount_pence,
    CASE h.code
        WHEN 'FUT' THEN 'A visit is dated later than the day it was submitted.'
        WHEN 'DUP' THEN 'A visit overlaps another on the same line and day, or its carer was elsewhere, or the week also has a total.'
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
        WHEN 'DUP' THEN 'Correct the times, or ask the payments team to release it.'
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
ORDER BY ALL
