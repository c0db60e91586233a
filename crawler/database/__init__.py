"""The SQLite database: records, the frontier, runs, and where the captures lie."""
