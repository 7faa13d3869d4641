-- How promptly a settled run paid: of each week paid for the first time, how long after it was submitted the money came, and the interest
-- that the law gives on what came late.
--
-- In:  receipts (number, payee_id, line_id, week, amount_pence, kind), actuals (line_id, date, submitted_at), arrived (payee_id),
--      rates (from_date, basis_points), bounds (pay_date, days_to_pay)
-- Out: promptness (paid_pence, prompt_pence, interest_pence)

CREATE OR REPLACE TEMP VIEW paid AS
SELECT receipts.*
FROM receipts
SEMI JOIN arrived USING (payee_id)
-- An adjustment has no submission of its own; what is taken back is no payment.
WHERE kind = 'regular' AND amount_pence > 0;

-- Where nothing is submitted because the plan is paid, a week is due from its last day.
CREATE OR REPLACE TEMP VIEW submitted AS
SELECT
    paid.number,
    coalesce(greatest(max(actuals.submitted_at)::DATE, paid.week + 6), paid.week + 6) AS day
FROM paid
LEFT JOIN actuals ON actuals.line_id = paid.line_id AND actuals.date >= paid.week AND actuals.date < paid.week + 7
GROUP BY paid.number, paid.week;

CREATE OR REPLACE TEMP VIEW late AS
SELECT
    paid.amount_pence,
    greatest(bounds.pay_date - submitted.day - bounds.days_to_pay, 0)::BIGINT AS days_late,
    rates.basis_points
FROM paid
INNER JOIN submitted USING (number)
CROSS JOIN bounds
ASOF JOIN rates ON submitted.day + bounds.days_to_pay + 1 >= rates.from_date;

-- Simple interest by the day, each week's to the nearest penny.
CREATE OR REPLACE TEMP VIEW promptness AS
SELECT
    coalesce(sum(amount_pence), 0)::BIGINT AS paid_pence,
    coalesce(sum(amount_pence) FILTER (days_late = 0), 0)::BIGINT AS prompt_pence,
    coalesce(sum((2 * amount_pence::HUGEINT * days_late * basis_points + 3650000) // 7300000), 0)::BIGINT AS interest_pence
FROM late;
