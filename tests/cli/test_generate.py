"""One video from the command line, in process and through a server."""

import json
import signal
import time
from pathlib import Path

import av
import httpx2
import pytest
from PIL import Image

SMALL = ("--resolution", "360p", "--aspect", "1:1", "--duration", "4s")


def probe(file: Path) -> tuple[str, int, int, int]:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.demux(stream) if _.size)
        return stream.codec_context.name, stream.width, stream.height, frames


def test_a_video_is_made_without_any_server(rushes_process, tmp_path: Path) -> None:
    reported = rushes_process(
        "generate", "a quiet lake", *SMALL, "--seed", 7, "-o", "out/lake.mp4", "--json"
    )
    assert reported.status == 0, reported.err
    files = [tmp_path / file for file in reported.json["files"]]
    assert [file.name for file in files] == [
        "lake.mp4",
        "lake.thumbnail.jpg",
        "lake.last_frame.jpg",
    ]
    codec, *size = probe(files[0])
    assert (codec, size) == ("h264", [360, 360, 97])
    with Image.open(files[1]) as thumbnail:
        assert thumbnail.width == thumbnail.height
    assert reported.json["generation"]["state"] == "completed"
    assert not list(tmp_path.rglob("*.partial"))


def test_the_same_seed_makes_the_same_video(rushes, tmp_path: Path) -> None:
    for name, seed in (("a.mp4", 7), ("b.mp4", 7), ("c.mp4", 8)):
        reported = rushes("generate", "fog over hills", *SMALL, "--seed", seed, "-o", name)
        assert reported.status == 0, reported.err
    a, b, c = (frames(tmp_path / f"{name}.last_frame.jpg") for name in "abc")
    assert a == b != c


def frames(picture: Path) -> bytes:
    with Image.open(picture) as image:
        return image.tobytes()


def test_local_pictures_travel_to_a_server(rushes, server, tmp_path: Path) -> None:
    for name, colour in (("first.png", "navy"), ("last.jpg", "orange")):
        Image.new("RGB", (320, 320), colour).save(tmp_path / name)
    reported = rushes(
        *("generate", "from night to day", "--image", "first.png", "--end-image", "last.jpg"),
        *("--resolution", "360p", "--duration", "4s", "-o", "day.mp4"),
        *("--server", server.url, "--key", server.key),
    )
    assert reported.status == 0, reported.err
    assert probe(tmp_path / "day.mp4")[1:3] == (360, 360)  # the pictures' own shape
    with Image.open(tmp_path / "day.last_frame.jpg") as last:
        red, _, blue = last.getpixel((180, 180))
    assert red > blue


def test_a_refusal_carries_the_servers_own_sentence(rushes, server) -> None:
    reported = rushes(
        "generate", "x", "--resolution", "8k", "--server", server.url, "--key", server.key
    )
    assert reported.status == 5
    assert "540p" in reported.err
    assert "Traceback" not in reported.err


def test_a_bad_key_is_refused(rushes, server) -> None:
    reported = rushes("generate", "x", "--server", server.url, "--key", "rsk_wrong")
    assert reported.status == 5
    assert "key" in reported.err


def test_the_key_may_stand_in_a_variable(rushes, server) -> None:
    reported = rushes(
        "generate", "x", "--resolution", "8k", "--server", server.url, RUSHES_KEY=server.key
    )
    assert "540p" in reported.err  # it got past the door


def test_a_server_that_is_not_there_is_status_3(rushes) -> None:
    reported = rushes("generate", "x", "--server", "http://127.0.0.1:9")
    assert reported.status == 3
    assert "no server answers at http://127.0.0.1:9/" in reported.err


@pytest.mark.parametrize("address", ["nonsense", "http://"])
def test_an_address_that_is_none_is_status_3(rushes, address: str) -> None:
    reported = rushes("generate", "x", "--server", address)
    assert reported.status == 3
    assert "Traceback" not in reported.err


def test_a_failed_generation_is_status_1_with_its_reason(rushes, server, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    reported = rushes(
        *("generate", "x", "--image", "broken.jpg", "--resolution", "540p"),
        *("--server", server.url, "--key", server.key),
    )
    assert reported.status == 1, (reported.out, reported.err)
    assert "failed: " in reported.err


def submitted(url: str) -> str:
    """Return the id of the one generation that a server has, once it has one."""
    begun_s = time.monotonic()
    while not (made := httpx2.get(f"{url}/api/v1/generations").json()["generations"]):
        assert time.monotonic() < begun_s + 60
    return str(made[0]["id"])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_is_stopped_cancels_what_was_asked_of_a_server(
    serve, begin, tmp_path: Path, how: signal.Signals
) -> None:
    with serve(tmp_path / "data", "--no-worker", "--no-auth") as up:
        client = begin("generate", "a lake that nobody renders", "--server", up.url)
        url = f"{up.url}/api/v1/generations/{submitted(up.url)}"
        client.send_signal(how)
        _, reported = client.communicate(timeout=60)
        now = httpx2.get(url).json()
    assert now["state"] == "cancelled"
    assert client.returncode == (130 if how is signal.SIGINT else 143)
    assert "Traceback" not in reported
    assert "still be at work" not in reported


def test_who_is_stopped_says_so_when_the_server_does_not_answer(
    serve, begin, tmp_path: Path
) -> None:
    with serve(tmp_path / "data", "--no-worker", "--no-auth") as up:
        client = begin("generate", "a lake that nobody renders", "--server", up.url)
        submitted(up.url)
        up.process.send_signal(signal.SIGSTOP)  # it accepts connections and answers none
        client.send_signal(signal.SIGINT)
        _, reported = client.communicate(timeout=60)
    assert client.returncode == 130
    assert "the server may still be at work: it does not answer" in reported


def test_an_operator_sees_what_a_client_made(rushes, server) -> None:
    made = rushes(
        *("generate", "a single cloud", *SMALL, "--json"),
        *("--server", server.url, "--key", server.key),
    ).json["generation"]["id"]
    listed = rushes("generations", "list", "--data", server.data, "--json").json
    assert made in [one["id"] for one in listed]
    shown = rushes("generations", "show", made, "--data", server.data, "--json").json
    assert Path(shown["files"]["video"]).is_file()
    events = rushes("generations", "events", made, "--data", server.data, "--json").json["events"]
    assert [event["type"] for event in events] == [
        "generation.queued",
        "generation.running",
        "generation.planned",
        "generation.completed",
    ]
    refused = rushes("generations", "cancel", made, "--data", server.data)
    assert refused.status == 5


def test_a_plan_is_printed_edited_and_drawn(rushes, tmp_path: Path) -> None:
    reported = rushes("generate", "a chef in a kitchen", "--explain", "--json")
    assert reported.status == 0, reported.err
    plan = reported.json
    assert (plan["set"], plan["cast"][0]["subject"]) == ("kitchen", "cook")
    plan["set"] = "beach"
    (tmp_path / "plan.json").write_text(json.dumps(plan))

    made = rushes(
        *("generate", "a chef in a kitchen", "--plan", "plan.json", *SMALL, "-o", "chef.mp4"),
        *("--seed", 3, "--json"),
    )

    assert made.status == 0, made.err
    assert probe(tmp_path / "chef.mp4")[0] == "h264"


def test_a_plan_is_explained_in_a_table(rushes) -> None:
    reported = rushes("generate", "two dogs run on a beach", "--explain")

    assert reported.status == 0, reported.err
    for words in ("beach", "2 x dog", "run", "rules"):
        assert words in reported.out


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold a JSON object"),
        ("[" * 100_000, "is not JSON"),
        ('{"pace": NaN}', "NaN is no number of JSON"),
        ('{"set": "beach", "set": "desert"}', "'set' is there twice in one object"),
        ('{"set": "kitchn"}', "did you mean kitchen"),
    ],
)
def test_a_file_that_holds_no_plan_is_refused(
    rushes, tmp_path: Path, content: str, why: str
) -> None:
    (tmp_path / "plan.json").write_text(content)

    reported = rushes("generate", "a dune", "--plan", "plan.json")

    assert reported.status != 0
    assert why in reported.err


def test_a_plan_may_begin_with_a_byte_order_mark(rushes, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('\ufeff{"set": "kitchn"}', encoding="utf-8")

    reported = rushes("generate", "a dune", "--plan", "plan.json")

    assert "did you mean kitchen" in reported.err


def test_to_explain_is_about_a_prompt_alone(rushes) -> None:
    reported = rushes("generate", "a dune", "--explain", "--plan", "plan.json")

    assert "leave out --plan" in reported.err


@pytest.mark.parametrize(
    "option",
    [
        ("--aspect", "9:16"),
        ("--aspect", "7:3"),
        ("--resolution", "4k"),
        ("--duration", "9s"),
        ("--model", "ray-2"),
        ("--loop",),
    ],
)
def test_to_explain_refuses_options_that_no_plan_shows(rushes, option: tuple[str, ...]) -> None:
    reported = rushes("generate", "a dune", "--explain", *option)

    assert reported.status != 0
    assert f"leave out {option[0]}" in reported.err
