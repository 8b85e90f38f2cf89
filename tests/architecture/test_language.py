"""Names and prose keep the rules of ``docs/style.md``, as far as a machine can tell."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.architecture.language_rules import (
    ROOT,
    STYLE,
    bad_names,
    bad_openings,
    bad_prose,
    bad_words,
    is_short,
    paraphrases,
)

from rushes.cli.commands import COMMANDS, GROUPS

SOURCE: Final = ROOT / "src" / "rushes"
MODULES: Final = sorted(SOURCE.rglob("*.py"))
PAGES: Final = [
    page
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if page not in {STYLE, ROOT / "CHANGELOG.md"}
]

PICTURES: Final = "src/rushes/engines/animatic"
"""The renderer draws houses and doors: there some banned words are the names of what it draws."""

PICTURE_WORDS: Final = frozenset(
    {"bench", "courier", "desk", "door", "grip", "house", "janitor", "knob"}
    | {"rounds", "seen", "whole"}
)
"""Words that the renderer may use: subjects, rotations, and parts of a picture."""

SHORT: Final[dict[str, str]] = {
    "engines/animatic/planning/prompt_seed.py": "edits need the seed without the planner",
    "engines/animatic/planning/two_of_a_kind.py": "three rooms make two members of one",
    "engines/animatic/planning/chinese_words.py": "the runs of all languages need it, and its words are data",
    "engines/local/worker/__main__.py": "Python demands the name, and it goes before torch",
    "intake/sandbox/__main__.py": "Python demands the name, and the child imports nothing else",
    "__main__.py": "Python demands the name",
    "cli/mcp.py": "one module for each command",
    "cli/version.py": "one module for each command",
    "core/callback_url.py": "both the worker and the service need it, and neither may import the other",
    "dialects/native/errors.py": "each dialect has the same modules",
    "dialects/native/resource.py": "the resources of the API share it",
    "dialects/native/webhooks/translate.py": "each resource has the same modules",
    "dialects/shared/newapi.py": "two dialects share it",
    "dialects/shared/pages.py": "four dialects share it",
    "dialects/shared/prompts.py": "three dialects share it",
    "dialects/shared/schemas.py": "three dialects share it",
    "engines/animatic/cast/portrait.py": "one subject as a picture, which no shot needs",
    "engines/animatic/paint/picture.py": "a seam of the renderer",
    "engines/animatic/scenes/landscape_request.py": "what the modules of a landscape share",
    "engines/slate/sound.py": "sound apart from the picture, as in the animatic engine",
    "http/request_record.py": "telemetry imports it without the rest of HTTP",
    "kit/backoff.py": "the worker and the safe HTTP client share it, and nothing else of each other",
    "kit/finish_before_cancel.py": "worker and media need it, and media may not import the worker",
    "kit/outbound_headers.py": "telemetry sets it, upstream clients read it, neither imports the other",
    "kit/word_patterns.py": "animatic and prompts share it, and neither may import the other",
    "mock_upstream/apis/all_apis.py": "names every API, so no API can import it",
    "service/setting_view.py": "the value that bootstrap hands to a dialect",
    "service/webhook_targets.py": "a seam that bootstrap fills",
}
"""Modules of fewer than 30 lines, and why they stand alone. Files ``__init__.py`` need no reason."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def complaints(rule: Callable[[str], Iterator[str]], path: Path) -> list[str]:
    return [f"{named(path)}:{one}" for one in rule(path.read_text("utf-8"))]


def without_picture_words(found: list[str], module: Path) -> list[str]:
    allowed = PICTURE_WORDS if named(module).startswith(PICTURES) else frozenset[str]()
    return [one for one in found if one.split("'")[1] not in allowed]


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_opens_by_saying_what_it_does(module: Path) -> None:
    assert complaints(bad_openings, module) == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_docstring_says_more_than_the_name(module: Path) -> None:
    assert complaints(paraphrases, module) == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_names_are_the_terms_of_the_field(module: Path) -> None:
    assert without_picture_words(complaints(bad_names, module), module) == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_comments_and_messages_use_the_terms_of_the_field(module: Path) -> None:
    assert without_picture_words(complaints(bad_prose, module), module) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_pages_use_the_terms_of_the_field(page: Path) -> None:
    assert complaints(bad_words, page) == []


def test_a_short_module_has_a_reason_to_stand_alone() -> None:
    short = {
        str(module.relative_to(SOURCE))
        for module in MODULES
        if is_short(module.read_text("utf-8")) and module.name != "__init__.py"
    }
    assert short == set(SHORT)


@pytest.mark.parametrize("line", [*(line for _, line in COMMANDS.values()), *GROUPS.values()])
def test_short_help_fits_in_a_list_of_commands(line: str) -> None:
    assert len(line) <= 50


def test_the_rules_find_what_breaks_them() -> None:
    assert list(bad_openings('"""What a thing is."""'))
    assert list(bad_openings('"""Poll jobs"""'))
    assert not list(bad_openings('"""Poll jobs until they finish."""'))
    assert list(paraphrases('def rotate_secret():\n    """Rotate the secret."""\n'))
    assert not list(paraphrases('def rotate_secret():\n    """Keep the former secret."""\n'))
    assert list(bad_names("def turn_secret_now(): ..."))
    assert list(bad_names("seen = 1"))
    assert not list(bad_names("last_seen_at = 1"))
    assert list(bad_prose("x = 1  # whoever reads it\n"))
    assert list(bad_words("A line.\nThe caller is\ntold."))
