"""Exchange: folders of tables in, files out: issued once, byte for byte, and written where they are asked for."""
