"""The page's files, as a browser gets them."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rushes.core.generation import State
from rushes.playground.pages import playground_routes

WEB = Path(str(files("rushes.playground") / "web"))
SCRIPTS = sorted(WEB.rglob("*.js"))
STYLES = sorted(WEB.rglob("*.css"))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=list(playground_routes()))) as one:
        yield one


def named(path: Path) -> str:
    return str(path.relative_to(WEB))


def linked(client: TestClient) -> list[str]:
    return re.findall(r'(?:src|href)="(/play/[^"]+)"', client.get("/").text)


def test_the_page_and_all_that_it_names_is_there_with_its_type(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    types = {path.rpartition(".")[2]: client.get(path) for path in linked(client)}
    assert {name: one.headers["content-type"] for name, one in types.items()} == {
        "js": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml",
    }
    assert all(client.get(path).status_code == 200 for path in linked(client))


def test_every_module_is_fetched_ahead(client: TestClient) -> None:
    assert {path.rpartition("/js/")[2] for path in linked(client) if path.endswith(".js")} == {
        str(path.relative_to(WEB / "js")) for path in SCRIPTS
    }


def test_every_style_is_used(client: TestClient) -> None:
    assert {path.rpartition("/")[2] for path in linked(client) if path.endswith(".css")} == {
        path.name for path in STYLES
    }


def test_files_are_kept_for_good_and_the_page_is_asked_for_anew(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-cache"
    for path in linked(client):
        assert client.get(path).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    for path in ("/", linked(client)[0]):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_head_tells_what_get_would(client: TestClient) -> None:
    assert client.head("/").headers["content-length"] == str(len(client.get("/").content))


@pytest.mark.parametrize("name", ["nothing.js", "../pages.py", "..%2fpages.py", "js/", ""])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    folder = linked(client)[0].split("/")[2]
    assert client.get(f"/play/{folder}/{name}").status_code == 404


def test_the_page_may_run_and_ask_for_nothing_but_ours(client: TestClient) -> None:
    headers = client.get("/").headers
    policy = dict(one.split(" ", 1) for one in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == policy["media-src"] == "'self' blob: data:"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_media_may_come_from_where_the_server_says_it_is() -> None:
    routes = playground_routes(public_url="https://media.example/below")
    with TestClient(Starlette(routes=list(routes))) as client:
        policy = client.get("/").headers["content-security-policy"]
    assert "img-src 'self' blob: data: https://media.example;" in policy
    assert "media-src 'self' blob: data: https://media.example;" in policy


def test_nothing_is_written_into_the_page_itself() -> None:
    text = (WEB / "index.html").read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL) == [
        (' type="module" src="{folder}/js/main.js"', "")
    ]


@pytest.mark.parametrize("file", [*SCRIPTS, *STYLES], ids=named)
def test_a_file_opens_with_a_sentence_and_fetches_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text("utf-8")
    assert re.match(r"/\*\*? [^\n]+[.:]? ?(\*/)?\n", text)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)\w", text), "an address"
    assert not re.search(r"\.innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert len(text.splitlines()) <= 450


def test_the_key_is_kept_nowhere_but_in_the_session() -> None:
    named_stores = {
        named(file): re.findall(r"(localStorage|document\.cookie|indexedDB)", file.read_text())
        for file in SCRIPTS
    }
    assert {name for name, found in named_stores.items() if found} == {"js/main.js"}  # the theme
    assert "rushes.key" not in (WEB / "js" / "main.js").read_text("utf-8")


def test_generated_programs_know_every_final_state() -> None:
    """A program that polls for a state that it does not know polls for ever."""
    source = (WEB / "js" / "code" / "languages.js").read_text("utf-8")
    found = re.search(r"const finals = \[(.*?)\]", source)
    assert found is not None
    assert set(re.findall(r'"(\w+)"', found[1])) == {one for one in State if one.is_final}
