"""What was delivered, as providers submitted it."""
