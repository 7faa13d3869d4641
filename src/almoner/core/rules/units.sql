-- units: units and small functions used by every rule (RND).
--
-- Exact money is a whole number of *parts*: 4,200,000 parts make a hundredth of a penny, so that minutes/60, days/7,
-- percent/10,000 and quantities/100 are all whole (RND-2). A week whose total is spread, or scaled, divides further by its
-- own `split`: value in pence = parts // (420,000,000 * split).

-- CAL-2: the first day of the week, seen as if that were a Monday.
CREATE OR REPLACE MACRO week_of(day, first_weekday) AS
    day - (isodow(day - first_weekday + 1) - 1)::INTEGER;

-- From which day on everything that was said counts: with `since`, a week more than is worked out (person_windows).
CREATE OR REPLACE MACRO first_day_read() AS
    coalesce(getvariable('since')::DATE - 21, DATE '0001-01-01');

-- From which day on a line's last delivered visit is looked for (looked_back).
CREATE OR REPLACE MACRO first_day_searched() AS
    coalesce(getvariable('since')::DATE - 56, DATE '0001-01-01');

-- The days of [from_date, until_date) that lie in the week beginning on `week`, as bits, its first day the lowest.
CREATE OR REPLACE MACRO days_of_week(from_date, until_date, week) AS
    (1 << greatest(0, least(until_date - week, 7))::INTEGER) - (1 << greatest(0, least(from_date - week, 7))::INTEGER);

-- PRC-1: minutes rounded to a multiple of `step` after adding `added`; a contract that bands nothing has steps of a minute.
CREATE OR REPLACE MACRO banding_step(rounding_minutes) AS
    greatest(rounding_minutes, 1);

CREATE OR REPLACE MACRO banding_added(rounding_minutes, mode) AS
    CASE WHEN rounding_minutes = 0 OR mode = 'down' THEN 0 WHEN mode = 'up' THEN rounding_minutes - 1 ELSE rounding_minutes // 2 END;

CREATE OR REPLACE MACRO banded(minutes, step, added) AS
    ((minutes + added) // step) * step;

-- amount // divisor and what remains, neither of them negative: with 64 bits where both have room in them, which is nearly always and far quicker.
CREATE OR REPLACE MACRO quotient(amount, divisor) AS
    CASE WHEN amount <= 9223372036854775807 AND divisor <= 9223372036854775807 THEN (amount::BIGINT // divisor::BIGINT)::HUGEINT
         ELSE amount::HUGEINT // divisor::HUGEINT END;

CREATE OR REPLACE MACRO remainder(amount, divisor) AS
    CASE WHEN amount <= 9223372036854775807 AND divisor <= 9223372036854775807 THEN (amount::BIGINT % divisor::BIGINT)::HUGEINT
         ELSE amount::HUGEINT % divisor::HUGEINT END;

CREATE OR REPLACE MACRO parts_per_penny() AS 420000000::BIGINT;

-- RND-2: half up to the penny, once. Never called with a negative number of parts (RND-5).
CREATE OR REPLACE MACRO rounded_pence(parts, split) AS
    quotient(2 * parts::HUGEINT + parts_per_penny() * split::HUGEINT, 2 * parts_per_penny() * split::HUGEINT)::BIGINT;

CREATE OR REPLACE MACRO minute_of_day(t) AS
    (extract(hour FROM t) * 60 + extract(minute FROM t))::INTEGER;

CREATE OR REPLACE MACRO weekday_number(name) AS
    list_position(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], name)::INTEGER;

-- amount x numerator // denominator for a part of a whole (numerator <= denominator), exactly, also where the product has no room in a number:
-- then bit by bit, like a division by hand.
CREATE OR REPLACE MACRO share_of(amount, numerator, denominator) AS
    CASE WHEN numerator <= (1::HUGEINT << 126) // greatest(amount, 1) THEN quotient(amount * numerator, denominator)
         ELSE (amount // denominator) * numerator + list_reduce(
             [{'whole': 0::HUGEINT, 'rest': (numerator >> bit) & 1} FOR bit IN range(125, -1, -1)],
             lambda so_far, next: {
                 'whole': so_far.whole * 2 + (so_far.rest * 2 + next.rest * (amount % denominator)) // denominator,
                 'rest': (so_far.rest * 2 + next.rest * (amount % denominator)) % denominator},
             {'whole': 0::HUGEINT, 'rest': 0::HUGEINT}).whole END;

-- HLD-5: what may be posted when only an increase over what is sealed is stopped.
CREATE OR REPLACE MACRO clamped(sealed, lo, hi) AS
    greatest(lo, least(hi, sealed));

CREATE TYPE IF NOT EXISTS outcomes AS ENUM ('delivered', 'extra', 'frustrated', 'missed', 'cancelled', 'planned');
-- DIF-1: the books money is posted in, in the order of their names.
CREATE TYPE IF NOT EXISTS books AS ENUM ('charges', 'claims', 'payments');
-- HLD-5: `hi` with held money in, `lo` with it left out; `both` says the same of both, as of everything that nothing holds.
CREATE TYPE IF NOT EXISTS states AS ENUM ('both', 'hi', 'lo');
CREATE TYPE IF NOT EXISTS units AS ENUM ('hour', 'visit', 'day', 'night', 'week', 'each');

-- PRC-1: banded, then capped at plan where the contract says so; NULL minutes (units only) stay NULL.
CREATE OR REPLACE MACRO payable(minutes, plan, step, added, capped) AS
    CASE WHEN capped AND plan IS NOT NULL AND minutes IS NOT NULL THEN least(banded(minutes, step, added), plan)
         ELSE banded(minutes, step, added) END;

-- PRC-2, PRC-3, PRC-5, PRC-6: the exact price of one visit in parts. `units` only for what was delivered; otherwise one unit.
CREATE OR REPLACE MACRO visit_parts(rate, unit, is_band, payable_minutes, units_hundredths, carers, basis_points) AS
    coalesce(CASE
        WHEN rate IS NULL OR payable_minutes = 0 THEN 0
        WHEN is_band THEN rate * carers * 420 * basis_points
        WHEN unit = 'hour' THEN rate * payable_minutes * carers * 7 * basis_points
        WHEN units_hundredths IS NOT NULL THEN rate * units_hundredths * 42000 * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
        WHEN payable_minutes > 0 THEN rate * 420 * basis_points * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
    END, 0)::BIGINT;

-- A rate above £100,000 is a slip of the keyboard, so no rate; so is one that would make a single visit worth more than £200 million.
CREATE OR REPLACE MACRO usable_rate(rate) AS
    CASE WHEN rate <= 1000000000 THEN rate END;

CREATE OR REPLACE MACRO usable_visit_rate(rate, units_hundredths, carers) AS
    CASE WHEN units_hundredths IS NULL OR usable_rate(rate) * units_hundredths * carers <= 200000000000000 THEN usable_rate(rate) END;

-- Which minutes to look up in a price table: units without minutes are priced by the unbanded row.
CREATE OR REPLACE MACRO priced_minutes(payable_minutes, units_hundredths) AS
    CASE WHEN payable_minutes IS NULL AND units_hundredths > 0 THEN 1000000 ELSE payable_minutes END;
