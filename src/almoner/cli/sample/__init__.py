"""A believable council, invented: the same seed gives the same bytes on every machine."""
