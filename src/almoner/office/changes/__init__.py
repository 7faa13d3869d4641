"""Change orders: what is changed about a line, from when, and what it does in pounds before a second person puts it in force."""
