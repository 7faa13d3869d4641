-- Units and small functions used by every rule.
--
-- Exact money is a whole number of *parts*: 4,200,000 parts make a hundredth of a penny, so that minutes/60, days/7,
-- percent/10,000 and quantities/100 are all whole (RND-2). A week whose total is spread, or scaled, divides further by its
-- own `split`: value in pence = parts // (420,000,000 * split).

CREATE OR REPLACE MACRO week_of(day, first_weekday) AS
    day - ((isodow(day) - first_weekday + 7) % 7)::INTEGER;

-- PRC-1: minutes rounded to a multiple of `step`; 0 = exact.
CREATE OR REPLACE MACRO banded(minutes, step, mode) AS
    CASE WHEN step = 0 THEN minutes
         WHEN mode = 'up' THEN ((minutes + step - 1) // step) * step
         WHEN mode = 'down' THEN (minutes // step) * step
         ELSE ((2 * minutes + step) // (2 * step)) * step END;

CREATE OR REPLACE MACRO parts_per_penny() AS 420000000::BIGINT;

-- RND-2: half up to the penny, once. Never called with a negative number of parts (RND-5).
CREATE OR REPLACE MACRO rounded_pence(parts, split) AS
    (((2 * parts::HUGEINT + parts_per_penny() * split::HUGEINT) // (2 * parts_per_penny() * split::HUGEINT)))::BIGINT;

CREATE OR REPLACE MACRO minute_of_day(t) AS
    (extract(hour FROM t) * 60 + extract(minute FROM t))::INTEGER;

CREATE OR REPLACE MACRO weekday_number(name) AS
    list_position(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], name)::INTEGER;

-- HLD-5: what may be posted when only an increase over what is sealed is stopped.
CREATE OR REPLACE MACRO clamped(sealed, lo, hi) AS
    greatest(lo, least(hi, sealed));
