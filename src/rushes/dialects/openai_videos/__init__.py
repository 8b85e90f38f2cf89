"""The videos API of OpenAI, and what others have made of it."""
