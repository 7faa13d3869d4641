"""Emails to providers and funders: what is to be told is kept with what it tells of, and sent once that stands."""
