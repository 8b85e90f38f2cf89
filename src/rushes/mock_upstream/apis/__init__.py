"""The APIs that a stand-in speaks: their paths and shapes, one module each."""
