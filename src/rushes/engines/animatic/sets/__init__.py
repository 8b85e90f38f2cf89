"""The places of a shot plan, and how a plan becomes a picture."""
