"""The page frame, the components pages are made of, and how pence, days and states are spelled on them."""
