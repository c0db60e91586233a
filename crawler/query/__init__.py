"""Reading the database: search and export over a read-only snapshot."""
