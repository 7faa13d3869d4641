"""Payment files for the bank: Bacs Standard 18 and ISO 20022 pain.001, and the check of account numbers."""
