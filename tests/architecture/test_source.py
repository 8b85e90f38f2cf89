"""The house keeps its own rules."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from rushes.core import errors
from rushes.core.errors import RushesError
from rushes.settings import NAMES
from rushes.settings.channel_tables import FIELDS

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "rushes").rglob("*.py"))
SCRIPTS = sorted((ROOT / "bench").rglob("*.py")) + sorted((ROOT / "docs").rglob("*.py"))
TEXTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LONGEST = 400
LONGEST_LIST = 700
"""For lists that people look things up in: ``wire.py`` lists an API's fields, ``base.py`` what a seam promises."""
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "handler", "misc"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_run_in_one_direction() -> None:
    done = subprocess.run(
        (Path(sys.executable).with_name("lint-imports"), "--no-cache"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", [*SOURCES, *SCRIPTS], ids=named)
def test_a_module_opens_with_a_sentence(module: Path) -> None:
    opening = ast.get_docstring(ast.parse(module.read_text("utf-8")))
    assert opening, f"{named(module)} has no docstring"
    first = opening.split("\n\n", maxsplit=1)[0]
    assert first.rstrip().endswith((".", ":")), first


@pytest.mark.parametrize("module", SOURCES, ids=named)
def test_a_module_can_be_read_in_one_sitting(module: Path) -> None:
    limit = LONGEST_LIST if module.stem in {"wire", "base"} else LONGEST
    assert len(module.read_text("utf-8").splitlines()) <= limit


def test_no_module_is_a_junk_drawer() -> None:
    assert [named(m) for m in SOURCES if m.stem in JUNK_DRAWERS] == []


def every_error() -> list[type[RushesError]]:
    return [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, RushesError)]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_an_error_has_a_sentence_and_a_plain_code(error: type[RushesError]) -> None:
    assert error.__doc__
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", error.code)


def test_no_two_errors_share_a_code() -> None:
    # A subclass that is only for our own code has its parent's code.
    shared = Counter(e.code for e in every_error() if "code" in vars(e))
    assert {code for code, times in shared.items() if times > 1} == set()


def test_every_error_is_in_the_tree_at_the_top_of_its_module() -> None:
    tree = errors.__doc__ or ""
    assert [e.__name__ for e in every_error() if e.__name__ not in tree] == []


LOADED_BY_PYTEST = "src/rushes/testing/plugin.py"
"""The only module that may import pytest, which is there whenever the module is imported."""


def test_every_package_that_is_imported_is_one_that_the_wheel_asks_for() -> None:
    """The tests run beside more packages than an operator has."""
    import tomllib  # noqa: PLC0415  # only this test reads pyproject.toml

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(one for extra in extras for one in extra)]
    names = {plain(re.split(r"[\[<>=; ]", one)[0]) for one in asked}
    names.add("pydantic-core")  # which pydantic pins
    owners = packages_distributions()
    own = [module for module in SOURCES if named(module) != LOADED_BY_PYTEST]
    imported = {name for module in own for name in imports(module)}
    theirs = imported - set(sys.stdlib_module_names) - {"rushes"}
    assert theirs
    assert {one for one in theirs if not names & set(map(plain, owners.get(one, (one,))))} == set()


def plain(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


def imports(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_npm_lock_names_no_registry() -> None:
    text = (ROOT / "tests" / "clients" / "node" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert "http" not in text
    locked = [one for path, one in json.loads(text)["packages"].items() if path]
    assert locked
    assert [one for one in locked if not one.get("integrity")] == []


@pytest.mark.parametrize("text", [*SOURCES, *SCRIPTS, *TEXTS, ROOT / "Makefile"], ids=named)
def test_nothing_points_at_somebodys_machine(text: Path) -> None:
    written = text.read_text("utf-8")
    assert not re.search(r"/work/|/root/|/tmp/bash|/home/\w+", written)
    assert "TODO" not in written


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_used(name: str) -> None:
    """What can be set must do something: somebody reads it."""
    group, _, leaf = name.rpartition(".")
    whole = re.compile(rf"\b{group or 'settings'}\.{leaf}\b")
    apart = re.compile(rf"= settings\.{group}$(.|\n)*\.{leaf}\b", re.MULTILINE)
    readers = [m for m in SOURCES if m.parent.name == "bootstrap" or "cli" in m.parts]
    texts = [module.read_text("utf-8") for module in readers]
    assert any(whole.search(text) or apart.search(text) for text in texts)


@pytest.mark.parametrize("name", FIELDS)
def test_a_setting_of_a_channel_is_used(name: str) -> None:
    bootstrap = ROOT / "src" / "rushes" / "bootstrap"
    modules = ("channels.py", "local_channels.py")
    text = "\n".join((bootstrap / module).read_text("utf-8") for module in modules)
    made_of = {"key_env": "key", "price": "price_micro"}
    assert re.search(rf"\bone\.{made_of.get(name, name)}\b", text)
