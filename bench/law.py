"""What must be true of every run of `chaos.py`, whatever was killed, cut and spoilt."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rushes.core.generation import ArtifactKind, Attempt, AttemptState, Generation, State
from rushes.engines.upstream.lightx2v import task_id_of
from rushes.mock_upstream.result_files import ResultFiles

KEY = re.compile(r"rushes-(.+)-(\d+)")
Heard = tuple[str, str]
"""A generation's id, and the state that a webhook told."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a run has left."""

    generations: Mapping[str, Generation]
    asked: int
    lines: Sequence[Mapping[str, Any]]
    """Of the mock upstream's ledger."""

    media: Path
    heard: set[Heard]
    owed: Collection[str]
    """Whose webhooks are still to be made."""

    is_findable: bool
    """Whether the upstream lets a job be found whose submit got no answer."""

    resubmits: bool

    @property
    def jobs(self) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        """Generation, attempt and what the ledger says of each job that was accepted."""
        for line in self.lines:
            if line["event"] == "accepted":
                key = line["key"] or self._key_of_id(line["id"])
                found = KEY.fullmatch(key)
                assert found, f"a submit came without its key: {line}"
                yield found[1], int(found[2]), line

    def _key_of_id(self, job_id: str) -> str:
        """Return the key that became the job's own id, as it does at LightX2V."""
        keys = (f"rushes-{one}-{number}" for one in self.generations for number in range(1, 40))
        return next((key for key in keys if task_id_of(key) == job_id), "")


def broken(evidence: Evidence) -> Iterator[str]:
    """Yield each breach in a sentence."""
    if len(evidence.generations) != evidence.asked:
        yield f"{evidence.asked} were asked for, {len(evidence.generations)} are there"
    yield from _unsettled(evidence)
    yield from _paid_twice(evidence)
    yield from _lost(evidence)
    yield from _not_delivered(evidence)
    yield from _untold(evidence)


def _unsettled(evidence: Evidence) -> Iterator[str]:
    for one in evidence.generations.values():
        if not one.state.is_final:
            yield f"{one.id} is still {one.state}: {_story(one)}"
        if one.state is State.FAILED and not (one.failure and one.failure.code):
            yield f"{one.id} failed without a code"
        if one.failure and one.failure.code == "input_unusable":
            yield f"{one.id} failed for its input, which is good: {one.failure.message}"


def _paid_twice(evidence: Evidence) -> Iterator[str]:
    """A generation is submitted again only once its last job is known to have failed there."""
    seen: dict[tuple[str, int], Mapping[str, Any]] = {}
    for owner, number, job in evidence.jobs:
        if (owner, number) in seen:
            yield f"{owner} was accepted twice for its attempt {number}"
        seen[owner, number] = job
    for (owner, number), job in seen.items():
        one = evidence.generations[owner]
        later = [a.number for a in one.attempts if a.number > number and a.submitted_at]
        later += [n for other, n in seen if other == owner and n > number]
        if later and not _may_be_repeated(evidence, _attempt(one, number), job):
            yield f"{owner} was submitted again after attempt {number}: {_story(one)}"


def _may_be_repeated(evidence: Evidence, attempt: Attempt | None, job: Mapping[str, Any]) -> bool:
    if attempt is None:
        return False
    if attempt.state is AttemptState.UNCONFIRMED:
        return evidence.resubmits
    if attempt.failure and "on record" in attempt.failure.message:
        return True  # its job went to one that asked for the same; see Submission
    return attempt.state is AttemptState.FAILED and bool(job["fails"])


def _lost(evidence: Evidence) -> Iterator[str]:
    """What was accepted is on record, and came to an end that is right for it."""
    for owner, number, job in evidence.jobs:
        one = evidence.generations[owner]
        attempt = _attempt(one, number)
        if attempt is None:
            yield f"attempt {number} of {owner} was accepted and is not on record: {_story(one)}"
            continue
        match attempt.state:
            case AttemptState.COMPLETED | AttemptState.CANCELLED:
                fine = True
            case AttemptState.FAILED:
                fine = bool(job["fails"]) or "on record" in str(attempt.failure)
            case AttemptState.UNCONFIRMED:
                fine = not evidence.is_findable or _is_with_a_twin(evidence, one, job)
            case _:
                fine = False
        if not fine:
            yield f"{owner}'s job of attempt {number} ended as {attempt.state}: {_story(one)}"


def _is_with_a_twin(evidence: Evidence, one: Generation, job: Mapping[str, Any]) -> bool:
    """Tell whether a generation with the same prompt has the job, as its own was never accepted."""
    return any(
        attempt.upstream_id == job["id"] and other.spec == one.spec
        for other in evidence.generations.values()
        if other.id != one.id
        for attempt in other.attempts
    )


def _not_delivered(evidence: Evidence) -> Iterator[str]:
    """What is completed was made by a job that was asked for in its words, and is that video."""
    clip = ResultFiles.made().files["video.mp4"]
    jobs = {job["id"]: job for _, _, job in evidence.jobs}
    given: dict[str, str] = {}
    for one in evidence.generations.values():
        if one.state is not State.COMPLETED:
            continue
        job_id = one.made_by.upstream_id if one.made_by else None
        job = jobs.get(job_id or "")
        if job is None or job_id is None:
            yield f"{one.id} was made by {job_id}, which was never accepted"
            continue
        if job["prompt"] != one.spec.prompt or job["fails"]:
            yield f"{one.id} was given the video of another: {job}"
        if job_id in given:
            yield f"{one.id} and {given[job_id]} were both given {job_id}"
        given[job_id] = one.id
        for artifact in one.artifacts:
            file = evidence.media / artifact.key
            if not file.exists() or file.stat().st_size != artifact.size_bytes:
                yield f"{one.id} has no {artifact.kind} any more, or a broken one: {_story(one)}"
            elif artifact.kind is ArtifactKind.VIDEO and file.read_bytes() != clip:
                yield f"{one.id} was given another video"
        if one.artifact(ArtifactKind.VIDEO) is None:
            yield f"{one.id} has no video"


def _untold(evidence: Evidence) -> Iterator[str]:
    for one in evidence.generations.values():
        words = {str(one.state)} | ({"failed"} if one.state is State.CANCELLED else set())
        is_told = any((one.id, word) in evidence.heard for word in words)  # a relay has one word
        if one.announce and one.state.is_final and not is_told and one.id not in evidence.owed:
            yield f"nobody was told that {one.id} is {one.state}"


def _attempt(one: Generation, number: int) -> Attempt | None:
    return next((attempt for attempt in one.attempts if attempt.number == number), None)


def _story(one: Generation) -> str:
    return "; ".join(
        f"{a.number} {a.state} {a.upstream_id or '-'} ({a.failure.message if a.failure else ''})"
        for a in one.attempts
    )
