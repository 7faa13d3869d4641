"""The people cared for."""
