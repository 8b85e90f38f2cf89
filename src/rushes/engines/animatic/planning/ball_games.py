"""Bring the ball of a game into play: at a foot, at the hoop, in the air between two players."""

import re
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, Facing, Plane
from rushes.engines.animatic.cast.catalogue import people, subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import (
    MOST_MEMBERS,
    Draft,
    Reading,
    index_of,
    take_out,
)
from rushes.engines.animatic.planning.scenery import Scenery
from rushes.engines.animatic.planning.two_of_a_kind import split

_BALLS: Final = frozenset(
    {"soccer-ball", "basketball", "volleyball", "tennis", "tennis-ball", "baseball"}
    | {"american-football", "rugby-football"}
)
_OF_PLAYERS: Final = {
    "soccer-player": "soccer-ball",
    "basketball-player": "basketball",
    "tennis-player": "tennis",
    "baseball-player": "baseball",
    "american-football-player": "american-football",
}
"""Which ball is meant that is of no kind; a player of football has one without words for it."""

_AT_FOOT: Final = frozenset({"soccer-ball", "rugby-football", "american-football"})
_PLACES: Final = {
    "soccer-ball": "sports_ground",
    "tennis": "sports_ground",
    "baseball": "sports_ground",
    "american-football": "sports_ground",
    "rugby-football": "sports_ground",
    "basketball": "sports_hall",
}
_OF_NO_GAME: Final = frozenset({"garden", "street", "meadow", "living_room", "studio", "city"})
"""Where people are if the prompt names no place."""

_PLAYS: Final = re.compile(
    r"\b(?:play|kick|dribbl|scor|pass|fight|tackl|chas|hit|serv|shoot|dunk|throw|jueg|juga|jou|spiel"
    r"|jog|chut|игра)|[踢打玩]|を?(?:する|して|蹴)|하는|차는|차고",
    re.IGNORECASE,
)
_MATCH: Final = re.compile(
    r"\b(?:match|game|partido|partida|spiel|jogo)\b|матч|игра|比赛|比賽|試合|경기", re.IGNORECASE
)
_SOCCER: Final = re.compile(
    r"\bsoccer\b(?! (?:fields?|pitch|stadium|goals?|fans?|shirt|jersey|shoes|boots|moms?|coach)\b)",
    re.IGNORECASE,
)
_HELD: Final = re.compile(
    r"\b(?:hold|carr)\w*[^.,;]{0,20}(?:ball|tennis)|with a ball in|under (?:his|her) arm",
    re.IGNORECASE,
)
_OF_BALLS: Final = re.compile(
    r" (?:stadium|field|court|pitch|fans?|cap|shirt|jersey|shoes|card|(?:game|match) on)\b",
    re.IGNORECASE,
)
"""Words after the name of a ball that make it the kind of another thing: no ball is in play."""

_ALONE: Final = (0.36, 0.52)
_TWO: Final = (0.24, 0.42, 0.58)
_ACROSS: Final = (0.24, 0.76)
"""Where across the frame players and balls are; all go to the right, or face each other."""

_AT_FEET: Final = 0.95
"""Row of the frame at which a ball lies, before the feet of all players."""

_ALOFT_X, _ALOFT_Y = 0.52, 0.3
_NET: Final = (0.34, 0.6)
"""Where a player and the hoop are; the ball is on its way."""


def play_ball(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """
    Put the players of a game and their ball where one sees that they play.

    Returns:
        The scenery; a pitch or a court where the prompt names no place.
    """
    drafts = reading.drafts
    players = [one for one in drafts if kinds.is_person(one.subject) and one.on is None]
    ball = _ball_of(prompt, reading, players)
    if ball is not None and not players and _MATCH.search(prompt):
        players = [_add_players(reading, ball)]
    throws = any(one.action is Action.THROW for one in players)
    plays = throws or _PLAYS.search(prompt) or _MATCH.search(prompt)
    described = ball is not None and _OF_BALLS.match(prompt, ball.end) is not None
    if ball is None or described or not players or not plays or _HELD.search(prompt):
        return scenery
    game = ball.subject.id
    named = any(one.kind == "set" for _, one in reading.scenery)
    if game in _PLACES and not named and scenery.set in _OF_NO_GAME:
        scenery = replace(scenery, set=_PLACES[game])
    if _is_in_hand(players, game):
        _take_ball_out(reading, ball)
        _put_at_hoop(drafts, players, None)
        return scenery
    ball.on, ball.x, ball.y = None, None, None
    if game == "baseball" and (bat := next((d for d in drafts if d.subject.id == "bat"), None)):
        _take_ball_out(reading, bat)  # the player's picture has one
    if game == "tennis":
        _give_rackets(reading, players, ball)
    elif game in _AT_FOOT and not throws:
        _run_after(reading, players, ball)
    else:
        _put_at_hoop(drafts, players, ball)
    return scenery


def _ball_of(prompt: str, reading: Reading, players: list[Draft]) -> Draft | None:
    """Return the ball of a prompt, the right one for who plays with it."""
    drafts = reading.drafts
    meant = next(
        (_OF_PLAYERS[one.subject.id] for one in players if one.subject.id in _OF_PLAYERS), None
    )
    if any(one.subject.id == "basketball-hoop" for one in drafts):
        meant = meant or "basketball"
    ball = next((one for one in drafts if one.subject.id in _BALLS), None)
    soccer = _SOCCER.search(prompt)
    if ball is None and players and len(drafts) < MOST_MEMBERS:
        who = players[0]
        start, end = soccer.span() if soccer else (who.start, who.end)
        if soccer is not None or meant == "soccer-ball":
            ball = Draft(subject=subjects()["soccer-ball"], start=start, end=end, count=1)
            drafts.append(ball)
    if ball is not None and meant and ball.subject.id == "soccer-ball":
        ball.subject = subjects()[meant]
    return ball


def _add_players(reading: Reading, ball: Draft) -> Draft:
    """Cast the players of a match that the prompt does not name."""
    game = next((who for who, one in _OF_PLAYERS.items() if one == ball.subject.id), "")
    players = Draft(
        subject=subjects()[game or "soccer-player"], start=ball.start, end=ball.end, count=2
    )
    if len(reading.drafts) < MOST_MEMBERS:
        reading.drafts.append(players)
    return players


def _is_in_hand(players: list[Draft], game: str) -> bool:
    """Return whether the first player is drawn with that ball in the hand."""
    drawn = people().get(players[0].subject.id)
    return drawn is not None and drawn.prop == game and game != "tennis"


def _take_ball_out(reading: Reading, ball: Draft) -> None:
    reading.used.append((ball.start, ball.end))
    take_out(reading, index_of(reading.drafts, ball))


def _run_after(reading: Reading, players: list[Draft], ball: Draft) -> None:
    """Let players run to the right, with the ball at the foot of the first one."""
    runners = players
    if len(players) == 1 and players[0].count == 2 and len(reading.drafts) < MOST_MEMBERS:
        runners = [*players, split(reading, players[0])]
    for one in runners:
        if one.action not in {Action.WALK, Action.KICK}:
            one.action = Action.RUN
        one.facing = Facing.RIGHT
    ball.plane, ball.action, ball.facing = Plane.GROUND, Action.ROLL, Facing.RIGHT
    ball.y = _AT_FEET
    if len(runners) == 1 and runners[0].count == 1:
        runners[0].x, ball.x = _ALONE
    elif len(runners) == 2:
        runners[0].x, runners[1].x, ball.x = _TWO
    else:
        ball.x = _TWO[-1]


def _give_rackets(reading: Reading, players: list[Draft], ball: Draft) -> None:
    """Let players stand across from each other with rackets, and the ball fly between them."""
    drafts = reading.drafts
    for one in players:
        if one.subject.id.startswith("person-"):
            one.subject = subjects()["tennis-player"]
    if len(players) == 1 and players[0].count == 2 and len(drafts) < MOST_MEMBERS:
        players = [*players, split(reading, players[0])]
    ball.subject, ball.plane, ball.action = subjects()["tennis-ball"], Plane.SKY, Action.SPIN
    ball.x, ball.y = _ALOFT_X, _ALOFT_Y
    ball.scale *= _BALL
    for one in players:
        one.action = Action.WORK
        if one.subject.id != "tennis-player" and len(drafts) < MOST_MEMBERS:
            racket = Draft(
                subject=subjects()["tennis-racket"], start=ball.start, end=ball.end, count=1
            )
            racket.on, racket.is_object = index_of(drafts, one), True
            drafts.append(racket)
    if len(players) == 2:
        players[0].x, players[1].x = _ACROSS
        players[0].facing, players[1].facing = Facing.RIGHT, Facing.LEFT
    elif players[0].count == 1:
        players[0].x = _ACROSS[0] + 0.08


_BALL: Final = 2.0
"""How much larger than in reality a tennis ball is, so that one sees it."""


def _put_at_hoop(drafts: list[Draft], players: list[Draft], ball: Draft | None) -> None:
    """Let a player jump, the ball before the hoop or in the air."""
    hoop = next((one for one in drafts if one.subject.id == "basketball-hoop"), None)
    if ball is not None:
        ball.plane, ball.action = Plane.SKY, Action.SPIN
        ball.x, ball.y = _ALOFT_X, _ALOFT_Y
    if players[0].count > 1 or len(players) > 1:
        return
    players[0].x, players[0].facing = _NET[0], Facing.RIGHT
    if hoop is not None:
        players[0].action = Action.JUMP
        hoop.x, hoop.plane = _NET[1], Plane.GROUND
