"""
The code blocks of the documents.

A block under ``<!-- runs -->`` is run, in an empty folder. Under ``<!-- runs with a server -->``
it finds a server at ``http://127.0.0.1:8000`` and its key in ``$KEY``. One under ``<!-- runs with
pytest -->`` is a file of tests, and one under ``<!-- runs under node -->`` a module of JavaScript whose
``serve`` starts a server. Any other block of Python,
JSON or TOML must at least be well-formed.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- (?P<how>runs[ a-z]*) -->\n)?```(?P<kind>\w+)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
HOW = {"runs", "runs with a server", "runs with pytest", "runs under node"}


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    kind: str
    how: str | None
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in BLOCK.finditer(text):
            yield Block(
                page=str(page.relative_to(ROOT)),
                line=text[: found.start()].count("\n") + 1,
                kind=found["kind"],
                how=found["how"],
                code=found["code"],
            )


ALL = list(blocks())


def test_some_blocks_run() -> None:
    assert {block.how for block in ALL} >= HOW


@pytest.mark.parametrize("block", ALL, ids=str)
def test_a_block_is_well_formed(block: Block) -> None:
    assert block.how in {None, *HOW}
    match block.kind:
        case "python":
            ast.parse(block.code)
        case "json":
            json.loads(block.code)
        case "toml":
            tomllib.loads(block.code)
        case "bash":
            subprocess.run(("bash", "-n"), input=block.code, text=True, check=True)


@pytest.mark.parametrize("block", [b for b in ALL if b.how == "runs"], ids=str)
def test_a_block_runs(block: Block, tmp_path: Path) -> None:
    run(block, tmp_path, {})


@pytest.mark.parametrize("block", [b for b in ALL if b.how == "runs with a server"], ids=str)
def test_a_block_runs_with_a_server(block: Block, tmp_path: Path, served: dict[str, str]) -> None:
    run(block, tmp_path, served)


@pytest.mark.parametrize("block", [b for b in ALL if b.how == "runs with pytest"], ids=str)
def test_a_file_of_tests_passes(block: Block, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(block.code)
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-p", "rushes.testing.plugin", "test_it.py"),
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


USE = """
import { serve } from "./rushes.js";
const server = await serve();
const ready = await fetch(`${server.url}/health/ready`);
const headers = { authorization: `Bearer ${server.key}` };
const account = await fetch(`${server.url}/api/v1/account`, { headers });
await server.stop();
const gone = await fetch(`${server.url}/health/ready`).then(() => false, () => true);
console.log(ready.status, account.status, gone);
"""


@pytest.mark.parametrize("block", [b for b in ALL if b.how == "runs under node"], ids=str)
def test_a_module_starts_a_server_under_node(block: Block, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is missing")
    (tmp_path / "rushes.js").write_text(block.code)
    (tmp_path / "use.js").write_text(USE)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        (node, "use.js"),
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "200 200 true\n", done.stdout + done.stderr


def run(block: Block, folder: Path, served: dict[str, str]) -> None:
    code = block.code.replace("http://127.0.0.1:8000", served.get("url", "http://127.0.0.1:9"))
    program = (sys.executable, "-") if block.kind == "python" else ("bash", "-euo", "pipefail")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        program,
        input=code,
        cwd=folder,
        env={**os.environ, "PATH": path, "KEY": served.get("key", "")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"error"' not in done.stdout, done.stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    data = tmp_path_factory.mktemp("served")
    process = subprocess.Popen(
        (sys.executable, "-m", "rushes", "serve", "--json", "--port", "0", "--data", str(data)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=data,
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=30)
