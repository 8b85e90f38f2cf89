"""SQL and row conversions that SQLite and PostgreSQL share."""
