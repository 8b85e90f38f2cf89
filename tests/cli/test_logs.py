"""No secret gets into the log, whoever writes it there."""

import pytest

from rushes.cli.logs import without_secrets


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("key rsk_B26BKIZuXlBbTEwwLYA3ytOlqtns3NlBYFaJBvvXEzw was used", "key rsk_*** was used"),
        ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_***"),
        (
            "GET /media/1767000000.abcdefghijklmnopqrstuvwxyzABCDEF/g/1/video.mp4",
            "GET /media/***/g",
        ),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_looks_like_a_secret_is_blanked(written: str, kept: str) -> None:
    line = without_secrets(None, "info", {"event": written, "count": 3})
    assert str(line["event"]).startswith(kept)
    assert line["count"] == 3
