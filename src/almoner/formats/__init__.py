"""Other systems' spellings: bytes to tables (read_*) and tables to bytes (write_*)."""
