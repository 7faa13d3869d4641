"""Questions and answers about any week, payment, hold or line, and what providers tell that becomes a fact once it is accepted."""
