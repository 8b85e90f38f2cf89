"""The APIs that we speak, one a folder; none knows another."""
