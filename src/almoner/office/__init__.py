"""Records, permissions and pages: Django apps by capability."""
