"""Set-up installs what the locks say, and nothing is resolved on the way."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUNNING = ROOT / "requirements.lock"
EXTRAS = ROOT / "requirements-extras.lock"
TESTING = ROOT / "requirements-test.lock"
LOCAL = ROOT / "requirements-local.lock"
LOCKS = [RUNNING, EXTRAS, TESTING]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXACTLY = {"--no-deps", "--only-binary :all:", "--require-hashes"}
ITSELF = {"--no-deps", "--no-index"}


def named(path: Path) -> str:
    return path.name


def pins(lock: Path) -> list[Requirement]:
    lines = re.findall(r"^([A-Za-z0-9].*?) *\\?$", lock.read_text("utf-8"), re.MULTILINE)
    return [Requirement(line) for line in lines]


def here(lock: Path) -> dict[str, Requirement]:
    """What a lock installs on this machine, by name."""
    return {
        canonicalize_name(pin.name): pin
        for pin in pins(lock)
        if pin.marker is None or pin.marker.evaluate()
    }


def version(pin: Requirement) -> str:
    (only,) = pin.specifier
    return only.version


def asked(requirements: list[str], extras: set[str]) -> Iterator[Requirement]:
    for one in map(Requirement, requirements):
        if one.marker is None or any(
            one.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield one


@pytest.mark.parametrize("lock", [*LOCKS, LOCAL], ids=named)
def test_a_lock_names_no_index_and_pins_everything_with_hashes(lock: Path) -> None:
    lines = lock.read_text("utf-8").splitlines()
    assert [line for line in lines if re.search(r"https?://|--(extra-)?index|--find", line)] == []
    assert pins(lock)
    assert [
        str(pin) for pin in pins(lock) if not re.fullmatch(r"==[^*,]+", str(pin.specifier))
    ] == []
    starts = [n for n, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
    assert [lines[n] for n in starts if not lines[n + 1].startswith("    --hash=sha256:")] == []


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_what_a_lock_installs_needs_nothing_that_it_does_not_have(lock: Path) -> None:
    """With the extras that are asked for: a lock without them let pip resolve ``coverage[toml]``."""
    locked = here(lock)
    missing = [
        f"{name} needs {need}"
        for name, pin in locked.items()
        for need in asked(distribution(name).requires or [], pin.extras)
        if not satisfied(need, locked)
    ]
    assert missing == []


def satisfied(need: Requirement, locked: dict[str, Requirement]) -> bool:
    pin = locked.get(canonicalize_name(need.name))
    return (
        pin is not None
        and need.extras <= pin.extras
        and need.specifier.contains(version(pin), prereleases=True)
    )


@pytest.mark.parametrize(
    ("lock", "extras", "groups"),
    [
        (RUNNING, [], ["build"]),
        (EXTRAS, ["credentials", "tracing"], ["build"]),
        (TESTING, ["credentials", "tracing"], ["build", "dev", "clients"]),
    ],
    ids=["running", "extras", "testing"],
)
def test_a_lock_has_what_the_project_asks_for(
    lock: Path, extras: list[str], groups: list[str]
) -> None:
    wanted = [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *(one for extra in extras for one in PROJECT["project"]["optional-dependencies"][extra]),
        *(one for g in groups for one in PROJECT["dependency-groups"][g] if isinstance(one, str)),
    ]
    locked = here(lock)
    assert [str(one) for one in asked(wanted, set()) if not satisfied(one, locked)] == []


@pytest.mark.parametrize("lock", [RUNNING, EXTRAS], ids=named)
def test_testing_adds_to_what_runs_and_changes_nothing_of_it(lock: Path) -> None:
    def versions(lock: Path) -> set[tuple[str, str]]:
        return {(pin.name, version(pin)) for pin in pins(lock)}

    assert versions(lock) < versions(TESTING)


def test_local_models_are_tested_with_what_their_extra_asks_for() -> None:
    wanted = [
        *PROJECT["project"]["optional-dependencies"]["local"],
        *PROJECT["dependency-groups"]["local-tests"],
    ]
    locked = here(LOCAL)
    assert [str(one) for one in asked(wanted, set()) if not satisfied(one, locked)] == []


def test_local_models_are_tested_with_the_releases_that_the_server_is_tested_with() -> None:
    both = here(LOCAL).keys() & here(TESTING).keys()
    assert {"av", "numpy", "pillow"} <= both
    assert {
        name for name in both if version(here(LOCAL)[name]) != version(here(TESTING)[name])
    } == set()


def test_the_lock_of_local_models_takes_torch_with_or_without_cuda_and_no_cuda() -> None:
    names = {pin.name for pin in pins(LOCAL)}
    assert [name for name in names if name.startswith(("nvidia-", "cuda-", "triton"))] == []
    (cpu_build,) = re.findall(
        r"^CPU_TORCH := (sha256:[0-9a-f]{64})$",
        (ROOT / "Makefile").read_text("utf-8"),
        re.MULTILINE,
    )
    written = LOCAL.read_text("utf-8")
    (torch,) = re.findall(r"^torch==.*\n((?:    --hash=.*\n)+)", written, re.MULTILINE)
    assert cpu_build in torch
    assert torch.count("--hash=") > 1


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_set_up_lets_nothing_be_resolved(tool: str) -> None:
    printed = subprocess.run(
        (
            "make",
            "--dry-run",
            "--always-make",
            "setup",
            "extras",
            "testing",
            "local",
            "wheel",
            f"UV={tool[:-1]}",
        ),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert installs(printed)
    assert [line for line in installs(printed) if not (is_exact(line) or is_itself(line))] == []
    used = set(re.findall(r"-r (\S+)", printed))
    assert used == {LOCAL.name, ".venv-local/torch.lock", *(lock.name for lock in LOCKS)}
    assert re.search(r"\bpip\b.* check\b", printed)


@pytest.mark.parametrize("script", [".ci/run", "Containerfile"])
def test_no_other_command_lets_pip_resolve(script: str) -> None:
    written = (ROOT / script).read_text("utf-8").replace("\\\n", " ")
    commands = re.findall(r"^[^#\n]*\bpip\b.*? install .*$", written, re.MULTILINE)
    assert commands
    assert [line for line in commands if not (is_exact(line) or is_itself(line))] == []


def test_what_ci_installs_with_is_pinned_with_hashes() -> None:
    names = {"pip-23.2.1.lock": "pip", "pip.lock": "pip", "uv.lock": "uv"}
    for lock, name in names.items():
        assert [pin.name for pin in pins(ROOT / ".ci" / lock)] == [name]
        assert "--hash=sha256:" in (ROOT / ".ci" / lock).read_text("utf-8")
    ran = (ROOT / ".ci" / "run").read_text("utf-8")
    assert [lock for lock in names if f".ci/{lock}" not in ran] == []


def installs(commands: str) -> list[str]:
    return re.findall(r"^.*\binstall\b(?!:).* -.*$", commands, re.MULTILINE)


def is_exact(line: str) -> bool:
    return all(option in line for option in EXACTLY) and line.count(" -r ") == 1


def is_itself(line: str) -> bool:
    return all(option in line for option in ITSELF) and (
        "whl" in line or "--no-build-isolation" in line
    )
