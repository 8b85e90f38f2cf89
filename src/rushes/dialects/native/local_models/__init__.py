"""Local models in the native API, for operators."""
