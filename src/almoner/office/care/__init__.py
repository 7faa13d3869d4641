"""What was agreed: contracts and their terms, rates, lines, timetables, absences and the policies on them."""
