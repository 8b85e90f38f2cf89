"""An outbound HTTP client that cannot be led to internal addresses."""
