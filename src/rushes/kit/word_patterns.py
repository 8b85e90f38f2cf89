"""Compile lists of words into patterns that match whole words only."""

import re


def whole_words(text: str) -> re.Pattern[str]:
    """
    Return a pattern that matches any of the words in *text* as a whole word, in any case.

    Args:
        text: Words separated by white space. ``_`` stands for a space, a hyphen or nothing. ``*``
            marks a stem: any letters may follow. Beyond that each word is a regular expression.
    """
    found = (word.replace("*", r"\w*").replace("_", "[- ]?") for word in text.split())
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)
