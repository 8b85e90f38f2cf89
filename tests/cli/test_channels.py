"""What an operator sees of the channels, and does to them, from the command line."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typing_extensions import override

from rushes.cli import main

KEY = "luma-0123456789"

FILE = """
[channels.luma]
kind = "dream-machine"
base_url = "{url}/dream-machine/v1"
key_env = "LUMA_KEY"
models = ["ray-2"]
price = 0.32
priority = 10

[channels.lan]
kind = "openai-videos"
base_url = "{url}/v1"
models = {{ "wan-2.2" = "Wan-AI/Wan2.2" }}
"""


class Upstream(BaseHTTPRequestHandler):
    """Knows one key, and has made nothing yet."""

    posted = 0

    def do_GET(self) -> None:
        good = self.headers["authorization"] in {f"Bearer {KEY}", None}
        body = json.dumps({"generations": [], "data": []} if good else {"detail": "Invalid key"})
        self.send_response(200 if good else 401)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        type(self).posted += 1
        self.send_error(500)

    @override
    def log_message(self, *args: object) -> None: ...


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def rushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> Run:
    (tmp_path / "rushes.toml").write_text(FILE.format(url=url))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUMA_KEY", KEY)
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["channels", *arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def listed(rushes: Run) -> dict[str, dict[str, Any]]:
    status, out, _ = rushes("list", "--json")
    assert status == 0
    return {one["name"]: one for one in json.loads(out)}


def test_the_list_tells_who_makes_what_and_how_it_stands(
    rushes: Run, tmp_path: Path, url: str
) -> None:
    status, out, err = rushes("list")
    assert (status, err) == (0, "")
    first, luma, lan, built_in, why = out.splitlines()
    assert first.split()[:4] == ["channel", "kind", "where", "models"]
    host = url.removeprefix("http://")
    assert luma.split()[:6] == ["luma", "dream-machine", host, "ray-2", "10", "1"]
    assert luma.split()[6:] == ["0", "of", "10", "healthy"]
    assert lan.split()[3] == "wan-2.2=Wan-AI/Wan2.2"
    assert built_in.split()[0] == "animatic"
    assert why.startswith("luma: it takes no pictures")
    assert KEY not in out
    assert not (tmp_path / "rushes-data").exists(), "looking leaves nothing behind"


def test_the_list_is_json_for_programs(rushes: Run) -> None:
    luma = listed(rushes)["luma"]
    assert (luma["price"], luma["concurrency"], luma["state"]) == ("0.32", 10, "healthy")
    assert luma["pause"] is None
    assert len(luma["warnings"]) == 1


def test_a_channel_can_be_asked_for_nothing(rushes: Run) -> None:
    status, out, _ = rushes("test", "luma")
    assert status == 0
    assert out.startswith("luma answers: ")
    status, out, _ = rushes("test", "lan", "--json")
    assert (status, json.loads(out)["channel"]) == (0, "lan")
    assert rushes("test", "animatic")[1].startswith("animatic answers: it is built in")
    assert Upstream.posted == 0


def test_a_bad_key_is_told_and_not_shown(rushes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMA_KEY", "wrong-9876543210")
    status, out, err = rushes("test", "luma")
    assert status == 1
    assert "401" in err or "key" in err
    assert "9876543210" not in out + err


def test_a_channel_that_is_not_there_is_not_found(rushes: Run) -> None:
    for command in ("test", "pause", "resume"):
        status, _, err = rushes(command, "lum")
        assert (status, "did you mean luma?" in err) == (4, True)


def test_nothing_is_paid_for_without_a_word(rushes: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, err = rushes("test", "luma", "--render", "--json")
    assert status == 2
    assert "one video of 5 s in 540p" in err
    assert "(1.6 credits by your price); this costs money" in err
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert rushes("test", "luma", "--render")[0] == 1
    assert Upstream.posted == 0
    assert rushes("test", "luma", "--render", "--model", "ray-3")[0] == 2


def test_a_paid_try_is_made_once_where_it_was_confirmed(rushes: Run) -> None:
    before = Upstream.posted
    status, _, err = rushes("test", "luma", "--render", "--yes")
    assert status == 1
    assert err.startswith("luma") or "upstream" in err
    assert Upstream.posted == before + 1


def test_the_built_in_renderer_makes_something_at_once(rushes: Run, tmp_path: Path) -> None:
    made = tmp_path / "try.mp4"
    status, out, _ = rushes("test", "animatic", "--render", "--out", str(made), "--json")
    assert status == 0
    assert json.loads(out)["rendered"]["size_bytes"] == made.stat().st_size > 1000


def test_a_channel_is_paused_and_resumed(rushes: Run) -> None:
    status, out, _ = rushes("pause", "lan", "--for", "10m", "--reason", "new drivers")
    assert status == 0
    assert out.startswith("lan is paused by an operator until ")
    assert out.endswith(" UTC: new drivers.\n")
    rest = listed(rushes)["lan"]["pause"]
    assert (rest["by"], rest["reason"]) == ("operator", "new drivers")
    status, out, _ = rushes("resume", "lan", "--json")
    assert (status, json.loads(out)["state"]) == (0, "healthy")
    assert listed(rushes)["lan"]["state"] == "healthy"
    assert json.loads(rushes("pause", "lan", "--json")[1])["pause"]["until"] is None


@pytest.mark.parametrize("wrong", ["10", "m", "0s", "-5m", "1.5h", "10 m", "1w"])
def test_a_time_is_a_number_and_a_unit(rushes: Run, wrong: str) -> None:
    status, _, err = rushes("pause", "lan", f"--for={wrong}")
    assert (status, "must be like 30s, 10m, 2h or 1d" in err) == (2, True)


def test_nothing_is_paid_for_where_nothing_would_remember_it(
    rushes: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Upstream.posted
    with pytest.raises(SystemExit) as ended:
        main(["generate", "a dune"])
    assert ended.value.code == 2
    assert "videos of luma, lan cost money" in capsys.readouterr().err
    assert Upstream.posted == before


def test_doctor_tells_of_channels(rushes: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", "--json"])
    checks = {one["name"]: one for one in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["channel luma"]["verdict"] == "poor"
    assert checks["channel luma"]["found"].startswith("dream-machine for ray-2; it takes no pictur")
    assert checks["channel lan"]["verdict"] == "good"


def test_config_shows_channels_without_their_keys(
    rushes: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["config", "--sources"])
    out, _ = capsys.readouterr()
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert rows["channels.luma.key"][1:5] == ["***", "the", "variable", "LUMA_KEY"]
    assert rows["channels.luma.price"][1:3] == ["0.32", "rushes.toml:7:"]
    assert rows["channels.lan.weight"][1:3] == ["1", "default"]
    assert KEY not in out
