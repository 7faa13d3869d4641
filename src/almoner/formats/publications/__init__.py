"""What a council must publish: spending over £500."""
