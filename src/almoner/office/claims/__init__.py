"""What funders owe of the care: receipt by receipt agreed or disputed, and invoiced."""
