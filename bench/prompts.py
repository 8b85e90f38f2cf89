"""
Draw contact sheets of prompts in nine languages, and count the subjects that are shown.

Each line of ``bench/prompts.tsv`` and of ``bench/prompts_fresh_*.tsv`` has a language, a prompt,
and the subjects that the prompt names. A subject counts as shown when its words are among those of
a member of the plan's cast, or among those that the plan tells as shown, such as the moon, which
the sky shows. A look-alike that the plan tells as not shown counts as missing. The sheets are for
people to look at; the table says which subjects are missing and what the engine says of them, and
which cast members change so little of the frames that nobody sees them.

    python bench/prompts.py --out build/prompts
    python bench/prompts.py --prompts bench/prompts_fresh_1.tsv --no-sheets
"""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sketch import Sketch

PROMPTS = Path(__file__).with_name("prompts.tsv")
SHEET_ROWS, SHEET_COLUMNS = 5, 2
MOMENTS = (0.15, 0.75)
"""Shares of the clip at which a frame is drawn."""

LEAST_SEEN = 0.0007
"""Share of the frame that a cast member must change to be seen: 8 by 5 pixels of a sketch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One prompt and the subjects that it names, in its own words."""

    language: str
    prompt: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the plan of one prompt shows of the named subjects."""

    case: Case
    plan: ShotPlan
    hidden: tuple[str, ...] = ()
    """Words for cast members that nobody sees in the picture."""

    @property
    def missing(self) -> tuple[str, ...]:
        told = {entry.words for entry in self.plan.not_shown}
        cast = (member.words for member in self.plan.cast if member.words not in told)
        words = [f" {one.lower()} " for one in (*cast, *self.plan.shown)]
        return tuple(one for one in self.case.subjects if not any(one.lower() in w for w in words))

    @property
    def untold(self) -> tuple[str, ...]:
        """Return the missing subjects that the plan does not tell as missing."""
        told = " ; ".join(entry.words for entry in self.plan.not_shown).lower()
        return tuple(one for one in self.missing if one.lower() not in told)


def cases(listed: Path = PROMPTS) -> list[Case]:
    with listed.open(encoding="utf-8") as file:
        return [
            Case(language=row[0], prompt=row[1], subjects=tuple(map(str.strip, row[2].split(";"))))
            for row in csv.reader(file, delimiter="\t")
        ]


def outcome_of(case: Case, *, drawn: bool = False) -> Outcome:
    plan = plan_shot(case.prompt, seed=7)
    return Outcome(case=case, plan=plan, hidden=hidden_words(case, plan) if drawn else ())


def hidden_words(case: Case, plan: ShotPlan) -> tuple[str, ...]:
    """Return the words for members whose absence would change next to nothing."""
    sketch = Sketch(GenerationSpec(prompt=case.prompt, seed=7))
    moments = [sketch.visible_shares(moment) for moment in MOMENTS]
    seen = [max(shares) for shares in zip(*moments, strict=True)]
    members = zip(plan.cast, seen, strict=False)  # the last ones may be mounts without words
    return tuple(member.words for member, share in members if share < LEAST_SEEN)


def table(outcomes: Sequence[Outcome]) -> str:
    named = sum(len(one.case.subjects) for one in outcomes)
    missing = sum(len(one.missing) for one in outcomes)
    share = 100 * (named - missing) / named
    untold = sum(len(one.untold) for one in outcomes)
    lines = [
        f"{len(outcomes)} prompts, {named} subjects named, {named - missing} shown ({share:.1f} %)",
        f"{untold} of the missing ones are not in `not_shown`",
        f"{sum(len(one.hidden) for one in outcomes)} cast members cannot be seen in the picture",
        "",
        "| language | prompt | set | cast | missing | not shown, as the plan says | unseen |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in outcomes:
        cast = ", ".join(f"{m.subject} x{m.count} {m.action}" for m in one.plan.cast)
        told = "; ".join(entry.words for entry in one.plan.not_shown)
        lines.append(
            f"| {one.case.language} | {one.case.prompt} | {one.plan.set}, {one.plan.time}"
            f" | {cast} | {', '.join(one.missing)} | {told} | {', '.join(one.hidden)} |"
        )
    return "\n".join(lines) + "\n"


def sheets(every: Sequence[Case], out: Path) -> None:
    per_sheet = SHEET_ROWS * SHEET_COLUMNS
    for start in range(0, len(every), per_sheet):
        tiles = [
            tile(start + i + 1, case) for i, case in enumerate(every[start : start + per_sheet])
        ]
        while len(tiles) % SHEET_COLUMNS:
            tiles.append(np.zeros_like(tiles[0]))
        rows = [
            np.hstack(tiles[i : i + SHEET_COLUMNS]) for i in range(0, len(tiles), SHEET_COLUMNS)
        ]
        cv2.imwrite(str(out / f"sheet_{start // per_sheet + 1}.jpg"), np.vstack(rows))


def tile(number: int, case: Case) -> np.ndarray:
    sketch = Sketch(GenerationSpec(prompt=case.prompt, seed=7))
    frames = np.hstack([sketch.at(moment) for moment in MOMENTS])
    framed = cv2.copyMakeBorder(frames[..., ::-1], 20, 0, 0, 0, cv2.BORDER_CONSTANT)
    cv2.putText(
        framed, f"{number} {case.language}", (4, 15), 0, 0.45, (255, 255, 255), 1, cv2.LINE_AA
    )
    return framed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--out", type=Path, default=Path("build/prompts"))
    parser.add_argument("--prompts", type=Path, default=PROMPTS, help="the list of prompts")
    parser.add_argument("--no-sheets", action="store_true", help="write the table only")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    every = cases(arguments.prompts)
    text = table([outcome_of(case, drawn=not arguments.no_sheets) for case in every])
    (arguments.out / "table.md").write_text(text, encoding="utf-8")
    print(*text.splitlines()[:3], sep="\n")
    if not arguments.no_sheets:
        sheets(every, arguments.out)


if __name__ == "__main__":
    main()
