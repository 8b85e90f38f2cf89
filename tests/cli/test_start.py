"""Commands start at once: each imports only what it works with."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import environment

from rushes.cli.commands import COMMANDS, GROUPS

HEAVY = {
    *("PIL", "anyio", "av", "cv2", "httpcore2", "httpx2", "mcp", "numpy", "prometheus_client"),
    *("pydantic", "pydantic_core", "starlette", "structlog", "uvicorn"),
    *("rich.console", "rushes.bootstrap.application", "rushes.settings"),
}
"""None of these is needed to print a page of help."""

UNDER_A_SHELL = ("bash", "-c", '"$@"; exit $?', "bash")
"""Completion looks for the shell among its parents, and there may be none above the tests."""

CHILD = """
import sys
from rushes.cli import main
try:
    main(sys.argv[1:])
finally:
    names = set(sys.modules)
    print("imported", *sorted(names), file=sys.stderr)
"""


def imported(*arguments: str, cwd: Path, status: int = 0, **variables: str) -> set[str]:
    """Run a command in a process of its own and return the modules that it imported."""
    done = subprocess.run(
        (*UNDER_A_SHELL, sys.executable, "-c", CHILD, *arguments),
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    first, *names = done.stderr.splitlines()[-1].split()
    assert first == "imported"
    return set(names)


PAGES = (
    *("--help", "--version", "version", "version --json", "--show-completion bash"),
    *(f"{name} --help" for name in (*GROUPS, *COMMANDS)),
)

CHILD_OF_PAGES = """
import sys
from rushes.cli import main
for page in sys.argv[1:]:
    try:
        main(page.split())
    except SystemExit as ended:
        names = set(sys.modules)
        print("imported", page, ended.code or 0, *sorted(names), sep="\\t", file=sys.stderr)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Print all pages in one process; return the modules that were there after each."""
    done = subprocess.run(
        (*UNDER_A_SHELL, sys.executable, "-c", CHILD_OF_PAGES, *PAGES),
        cwd=tmp_path_factory.mktemp("pages"),
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, set[str]] = {}
    for line in done.stderr.splitlines():
        word, page, code, *names = line.split("\t")
        assert (word, code) == ("imported", "0"), line
        found[page] = set(names)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_help_imports_nothing_heavy(page: str, printed: dict[str, set[str]]) -> None:
    assert "rushes.cli" in printed[page]
    assert printed[page] & HEAVY == set()


@pytest.mark.parametrize(
    "line",
    [
        "rushes gen",
        "rushes keys l",
        "rushes keys list --j",
        "rushes serve --p",
        "rushes generate --re",
    ],
)
def test_completion_imports_nothing_heavy(line: str, tmp_path: Path) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    found = imported(cwd=tmp_path, _RUSHES_COMPLETE="complete_bash", **words)
    assert found & HEAVY == set()


@pytest.mark.parametrize("command", ["generate dunes", "mcp"])
def test_a_client_of_a_server_imports_no_server(command: str, tmp_path: Path) -> None:
    nobody = ("--server", "http://127.0.0.1:9")
    found = imported(*command.split(), *nobody, cwd=tmp_path, status=3)
    assert "rushes.bootstrap.application" not in found


@pytest.mark.parametrize("command", ["keys list", "keys list --json", "accounts list"])
def test_looking_at_keys_imports_nothing_heavy(command: str, tmp_path: Path) -> None:
    folder = ("--data", str(tmp_path / "data"))
    imported("keys", "create", "laptop", *folder, cwd=tmp_path)
    assert imported(*command.split(), *folder, cwd=tmp_path) & HEAVY == set()


def test_an_application_without_a_render_imports_no_picture_library(tmp_path: Path) -> None:
    child = "import sys, rushes.bootstrap.application; print(*sys.modules)"
    done = subprocess.run(
        (sys.executable, "-c", child),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert not {"av", "cv2", "numpy", "PIL", "torch"} & set(done.stdout.split())
