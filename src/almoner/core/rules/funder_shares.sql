-- funder_shares: each share of each week in whole pence (RND-3): rounded down, the missing pence one each by largest remainder,
-- ties to the share listed first, the council last. The council is the share with an empty funder. Shares add up to the gross, always.
WITH exact AS (
    SELECT line_no, week, state, share_order, funder_id, settlement, min("row") AS listed, sum(taken_parts)::HUGEINT AS fine_parts
    FROM share_parts
    GROUP BY line_no, week, state, share_order, funder_id, settlement
    UNION ALL
    SELECT line_no, week, state, NULL, '', 'council', NULL, sum(council_parts)::HUGEINT
    FROM council_parts
    GROUP BY line_no, week, state
),
floored AS (
    SELECT e.*, w.gross_pence, quotient(e.fine_parts, parts_per_penny() * 10000 * w.split)::BIGINT AS floor_pence,
        remainder(e.fine_parts, parts_per_penny() * 10000 * w.split) AS remainder
    FROM stated_weeks w
    JOIN exact e ON e.line_no = w.line_no AND e.week = w.week AND e.state = w.state
),
ranked AS (
    SELECT *, gross_pence - (sum(floor_pence) OVER week_shares)::BIGINT AS missing_pence,
        row_number() OVER (week_shares ORDER BY remainder DESC, share_order NULLS LAST, listed NULLS LAST) AS rank
    FROM floored
    WINDOW week_shares AS (PARTITION BY line_no, week, state)
)
SELECT line_no, week, state, share_order, funder_id, settlement, floor_pence + (rank <= missing_pence)::BIGINT AS amount_pence
FROM ranked
UNION ALL
SELECT line_no, week, state, NULL, '', 'council', gross_pence
FROM stated_weeks
WHERE line_no NOT IN (SELECT line_no FROM stretches)
