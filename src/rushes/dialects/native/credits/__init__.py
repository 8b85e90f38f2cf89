"""Credits, the ledger and usage in the native API."""
