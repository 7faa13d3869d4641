"""Pages for funders: what is claimed of them, without names."""
