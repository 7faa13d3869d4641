-- bank_holidays_kept: the figures' bank holidays, each nation's days once (CAL-4).
SELECT DISTINCT nation, date FROM bank_holidays
