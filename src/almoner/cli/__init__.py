"""The same calculation over a folder of tables, without a database."""
