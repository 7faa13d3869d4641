-- reported_weeks: for each line and week with any word from the provider: whether a total came, its last submission, its reasons (LIN-1, LIN-6, HLD-4).
SELECT line_no, week,
    bool_or(is_total) AS has_total,
    max(submitted_at) AS last_submitted_at,
    list(reason) FILTER (reason IS NOT NULL) AS reasons
FROM reported
GROUP BY line_no, week
