"""Two things that share a name, told apart by the other words of the prompt."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("Cheering fans wait at the finish line", "person-standing"),
        ("A cyclist sprints past fans", "person-standing"),
        ("A geisha with three fans", "folding-hand-fan"),
        ("A baseball player swings a bat", "baseball-bat"),
        ("A bat flies out of a cave", "bat"),
        ("A crane wades in a marsh", "heron"),
        ("A construction crane lifts a load", "crane"),
        ("A keyboard and a mouse on a desk", "computer-mouse"),
        ("A mouse on a cheese board", "mouse"),
        ("A palm on a beach", "palm-tree"),
        ("A coin in the palm of his hand", "hand"),
        ("A girl with a red bow in her hair", "ribbon"),
        ("An archer draws his bow", "bow-and-arrow"),
        ("A robber runs out of a bank", "bank"),
        ("A speaker thumps bass at a party", "loudspeaker"),
        ("A pig in a pen", "fence"),
        ("A pen on a desk", "pen"),
        ("A surgeon in a mask", "face-mask"),
        ("Ein Räuber rennt aus der Bank", "bank"),
        ("Ein Mann sitzt auf einer Bank im Park", "bench"),
        ("Ein Schloss an der Tür", "locked"),
        ("Ein Schloss am See", "castle"),
        ("Ein Strauß rennt durch die Savanne", "ostrich"),
        ("Ein Strauß Blumen", "bouquet"),
        ("Un hombre sale del banco", "bank"),
        ("Un hombre sentado en un banco", "bench"),
        ("El capitán levanta la copa del mundo", "trophy"),
        ("Una copa de vino", "wine-glass"),
        ("Un minero con una linterna", "flashlight"),
        ("Un avocat coupé sur la table", "avocado"),
        ("Un avocat plaide devant le juge", "office-worker"),
        ("La glace fond sur le lac", "ice"),
        ("Un enfant mange une glace", "ice-cream"),
        ("As noivas debaixo de uma mangueira", "deciduous-tree"),
        ("O bombeiro segura a mangueira", "hose"),
        ("Замок на двери", "locked"),
        ("Старый замок на холме", "castle"),
        ("배를 먹는다", "pear"),
        ("배를 타고 바다로", "sailboat"),
        ("차를 마신다", "teacup"),
        ("차를 운전한다", "automobile"),
    ],
)
def test_the_words_around_choose_what_a_name_means(prompt: str, subject: str) -> None:
    assert subject in [member.subject for member in plan_shot(prompt).cast]


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("A fisherman sits on the bank of the river", ["fisherman"]),
        ("A bride with a long train", ["bride"]),
        ("Las velas del barco", ["sailboat"]),
        ("Un bateau à voile blanche", ["sailboat"]),
        ("A manga da camisa", ["t-shirt"]),
    ],
)
def test_what_the_rest_of_the_picture_shows_is_no_member(prompt: str, cast: list[str]) -> None:
    assert [member.subject for member in plan_shot(prompt).cast] == cast


def test_the_other_thing_is_told_as_missing_where_it_has_no_picture() -> None:
    plan = plan_shot("A woman with a mole on her cheek")
    assert [member.subject for member in plan.cast] == ["woman"]
    assert [one.words for one in plan.not_shown] == ["mole"]


def test_the_name_of_a_pose_is_no_member() -> None:
    plan = plan_shot("Yoga on a beach, women in warrior pose")
    assert [member.subject for member in plan.cast] == ["woman"]


@pytest.mark.parametrize(
    ("prompt", "cast"),
    [
        ("Os noivos dançam", ["bride", "groom"]),
        ("Les mariés dansent", ["bride", "groom"]),
        ("農家の夫婦が稲を刈る", ["woman-farmer", "man-farmer", "sheaf-of-rice"]),
        ("農家の庭", ["house"]),
    ],
)
def test_couples_are_who_they_are(prompt: str, cast: list[str]) -> None:
    assert [member.subject for member in plan_shot(prompt).cast] == cast


def test_several_of_the_other_thing_are_several() -> None:
    assert [one.count for one in plan_shot("Fans cheer behind a barrier").cast] == [3, 1]
