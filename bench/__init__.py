"""How fast, beside what. `python -m bench` measures and prints the table; `docs/benchmarks.md` keeps the figures."""
