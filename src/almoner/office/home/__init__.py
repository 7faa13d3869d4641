"""What needs doing, for each kind of user, and what stands on every page around the page."""
