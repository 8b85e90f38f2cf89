"""The documents say what the code does."""

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption

from rushes.cli.commands import root
from rushes.cli.support.examples import EXAMPLES
from rushes.cli.support.exit_codes import ExitCode
from rushes.cli.support.lazy import LazyCommand
from rushes.core import errors
from rushes.core.errors import RushesError
from rushes.core.shot_plan import LIGHTS, SETS, TIMES, WEATHERS, Effect, Framing
from rushes.settings import NAMES, variable
from rushes.settings.channel_capabilities import CAPABILITY_NAMES
from rushes.settings.channel_tables import FIELDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def headings(page: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE)


def loaded(name: str) -> ModuleType:
    """Import a module of the documentation's folder."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generated() -> ModuleType:
    return loaded("generated")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_is_made_from_the_code_is_current(page: Path, generated: ModuleType) -> None:
    written = page.read_text("utf-8")
    assert generated.renewed(written) == written, "run `make docs`"


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_has_its_heading_and_its_variable(name: str) -> None:
    assert name in headings("configuration.md")
    assert f"`{variable(name)}`" in (DOCS / "configuration.md").read_text("utf-8")


@pytest.mark.parametrize("name", FIELDS)
def test_a_setting_of_a_channel_has_its_heading(name: str) -> None:
    assert f"channels.NAME.{name}" in headings("configuration.md")


@pytest.mark.parametrize("name", CAPABILITY_NAMES)
def test_what_a_channel_can_do_is_explained(name: str) -> None:
    page = (DOCS / "configuration.md").read_text("utf-8")
    assert re.search(rf"^\| `{name}` \| [^|]+ \| [^|]{{8,}} \|$", page, re.MULTILINE)


def every_code() -> list[str]:
    found = [e for e in vars(errors).values() if isinstance(e, type)]
    return sorted({e.code for e in found if issubclass(e, RushesError)})


@pytest.mark.parametrize("code", every_code())
def test_an_error_code_has_its_heading(code: str) -> None:
    assert headings("errors.md").count(code) == 1


def test_no_heading_is_about_an_error_that_is_gone() -> None:
    reported = [h for h in headings("errors.md") if re.fullmatch(r"[a-z_]+", h)]
    assert sorted(reported) == every_code()


def commands(group: TyperGroup, above: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found += commands(command, f"{above} {name}")
        elif not command.hidden:
            assert isinstance(command, LazyCommand)
            options = [p for p in command.loaded().params if isinstance(p, TyperOption)]
            found.append((f"{above} {name}", [flag for o in options for flag in o.opts]))
    return found


def every_command() -> list[tuple[str, list[str]]]:
    return commands(root(), "rushes")


@pytest.mark.parametrize(("command", "flags"), every_command(), ids=lambda one: str(one)[:30])
def test_a_command_has_its_heading_and_each_flag_its_line(command: str, flags: list[str]) -> None:
    page = (DOCS / "cli.md").read_text("utf-8")
    found = re.search(rf"^## {command}$(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL)
    assert found is not None, command
    assert [flag for flag in flags if flag != "--help" and f"`{flag}`" not in found[1]] == []


@pytest.mark.parametrize("code", ExitCode)
def test_an_exit_status_is_explained(code: ExitCode) -> None:
    assert f"| {code.value} |" in (DOCS / "cli.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_link_inside_the_documents_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        led = (page.parent / file).resolve() if file else page
        assert led.exists(), f"{named(page)} links to {target}"
        if anchor:
            assert anchor in anchors(led.read_text("utf-8")), f"{named(page)}: {target}"


def anchors(page: str) -> list[str]:
    """Return the anchors of the headings, which are outside of code blocks."""
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    return [slug(title) for title in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)]


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_heading_has_an_anchor_of_its_own(page: Path) -> None:
    if page.name != "CHANGELOG.md":  # each version has the same headings
        found = anchors(page.read_text("utf-8"))
        assert [anchor for anchor in found if found.count(anchor) > 1] == []


def test_every_page_is_linked_from_another() -> None:
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in PAGES
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target)
    }
    lost = [named(page) for page in PAGES if page not in linked and page.name != "README.md"]
    assert lost == []


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_its_line(name: str) -> None:
    page = (DOCS / "engines" / "sets.md").read_text("utf-8")
    assert re.search(rf"^\| `{name}` \| \w", page, re.MULTILINE)


@pytest.mark.parametrize("name", [*TIMES, *WEATHERS, *LIGHTS, *Framing, *Effect])
def test_the_page_of_the_sets_names_each_value_of_a_plan(name: str) -> None:
    assert f"`{name}`" in (DOCS / "engines" / "sets.md").read_text("utf-8")


@pytest.mark.parametrize("command", [example for each in EXAMPLES.values() for example in each])
def test_an_example_of_a_command_is_on_its_page(command: str) -> None:
    assert command in (DOCS / "cli.md").read_text("utf-8")


COMMAND_LINES = [
    (named(page), line)
    for page in PAGES
    if page.name not in {"CHANGELOG.md", "cli.md"}
    for block in re.findall(
        r"^```(?:bash|sh|console|)\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines()
    if re.match(r"(\$ |sudo )?rushes ", line)
]


@pytest.mark.parametrize(("page", "line"), COMMAND_LINES, ids=str)
def test_a_command_in_a_page_is_understood(page: str, line: str) -> None:
    line = re.split(r"\s[>|]\s", line)[0]
    words = shlex.split(line.removeprefix("$ "), comments=True)[1:]
    command: TyperCommand | TyperGroup = root()
    while isinstance(command, TyperGroup):
        assert words[0] in command.commands, f"{page}: {line}"
        command = command.commands[words.pop(0)]
    command.make_context("rushes", words)  # raises for what it does not know


@pytest.mark.parametrize("module", sorted((ROOT / "src" / "rushes").iterdir()), ids=named)
def test_a_room_is_on_the_map(module: Path) -> None:
    if module.is_file() and (module.suffix != ".py" or module.stem.startswith("__")):
        return
    if module.is_dir() and not list(module.glob("*.py")):
        return
    assert f"`{module.stem}`" in (DOCS / "architecture.md").read_text("utf-8")


def test_the_picture_of_the_rooms_is_current() -> None:
    module = loaded("architecture_picture")
    assert module.PICTURE.read_text("utf-8") == module.picture(), "run `make docs`"


@pytest.mark.parametrize(
    "path",
    sorted(
        set(
            re.findall(
                r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", (DOCS / "architecture.md").read_text("utf-8")
            )
        )
    ),
)
def test_a_file_that_the_architecture_names_exists(path: str) -> None:
    assert (ROOT / "src" / "rushes" / path).exists() or (ROOT / path).exists()
