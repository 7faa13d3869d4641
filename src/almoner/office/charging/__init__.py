"""What people and third parties contribute."""
