"""The demo, whole."""

from pathlib import Path

import av


def test_the_demo_leaves_two_videos_and_no_process(rushes_process, tmp_path: Path) -> None:
    reported = rushes_process("demo", "--out", "shown")
    assert reported.status == 0, reported.err
    shown = tmp_path / "shown"
    assert sorted(file.name for file in shown.iterdir()) == [
        "forest.last_frame.jpg",
        "forest.mp4",
        "forest.thumbnail.jpg",
        "transition.last_frame.jpg",
        "transition.mp4",
        "transition.thumbnail.jpg",
    ]
    for name in ("forest.mp4", "transition.mp4"):
        with av.open(str(shown / name)) as container:
            stream = container.streams.video[0]
            assert (stream.width, stream.height, stream.average_rate) == (1280, 720, 24)
            assert stream.frames == 121
        assert f"shown/{name}: 1280x720, 121 frames" in reported.out
    assert "the server is stopped" in reported.out
