"""One rule a file: each selects from tables of facts and earlier rules, adds columns or rows, and overwrites none."""
