"""List English words that mean something else in a language whose prompts borrow English words."""

from typing import Final

_WORDS: Final = {
    "de": """
        wand helm hose rock kind gift boot rat bad brand herd gang grab tag tor star stern art
        mist rot tier war note lager taste stall sage dose die bug fall fort gut hut mast most mut
        pass pest rasen rang rum spur stock strand tank teller ton tote trunk turn wade wild wirt
        arm hall last list log made mark met nun pose sand see still tasse fest fast hell lack
        land leg
        """,
    "fr": """
        pain coin four main chair tour mare son sale dent lit or fin but car court fond lame nappe
        net pin plume prune rein sang sol store talon tape toque trombone verge bras cane choir
        cote dais fee file gout grave jars lard legs luge mat pet pique plier queue ramp rate
        raisin sable sac sot stage tank tige toile tot trait vent verse pour point mine slip front
        lance marine pose bond case champ champs drape ours place plate range robe rose sort table
        tables tout
        """,
    "es": """
        pan pie sin once red come hay dice fin lid mayor sobre largo taller carpet ropa fresco lima
        rodeo son ten ve real pines dental par cargo metro me lame mole
        """,
    "pt": """
        pie pan sol come mesa tinta for sob dose cola data fez fare dote gala mole pose pure tent
        """,
}
FALSE_FRIENDS: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
"""By language; where it has no word of its own so spelt, such a word is unknown there."""
