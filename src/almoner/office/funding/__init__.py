"""Who else pays a share of a line."""
