"""Prompts of strangers that name a place, or imply one, and the set that shows it."""

import pytest

from rushes.core.shot_plan import Plane
from rushes.engines.animatic.planning.plan import plan_shot

NAMED = [
    ("a man shaves in front of the bathroom mirror", "bathroom"),
    ("An old watchmaker repairs a pocket watch at his bench", "workshop"),
    ("robots on the assembly line, sparks flying", "factory"),
    ("kids play on a basketball court", "sports_hall"),
    ("a woman lifts weights in the gym", "gym"),
    ("a street musician plays in a subway station", "subway_station"),
    ("people waiting on a train platform", "train_station"),
    ("a woman buys apples in a supermarket", "shop"),
    ("a prisoner sits in a dungeon", "dungeon"),
    ("a botanist waters flowers in a greenhouse", "greenhouse"),
    ("travellers at the airport", "airport"),
    ("a red car speeds on a winding road through an autumn forest", "autumn_forest"),
    ("a panda rolls about in a bamboo grove", "bamboo_grove"),
    ("a jaguar in the rainforest", "jungle"),
    ("a storm over a wheat field", "wheat_field"),
    ("people harvest grapes in a vineyard", "vineyard"),
    ("elephants cross the savanna", "savanna"),
    ("a rider in the Grand Canyon", "canyon"),
    ("a hiker on the summit above a sea of fog", "summit"),
    ("monkeys bathe in a hot spring in the snow", "hot_spring"),
    ("a woman sells fruit at the market", "market"),
    ("children at a Christmas market", "christmas_market"),
    ("two kids on the playground", "playground"),
    ("a pirate with a parrot on the deck of a ship", "ship_deck"),
    ("a sailor scrubs the deck of an old pirate ship", "ship_deck"),
    ("grandfather sits on the porch", "porch"),
    ("Ein Wanderer steht auf einem Gipfel über dem Nebelmeer", "summit"),
    ("Weihnachtsmarkt in einer Altstadt", "christmas_market"),
    ("Um pirata no convés de um navio", "ship_deck"),
    ("大熊猫在竹林里打滚", "bamboo_grove"),
    ("雪の積もった温泉で猿がお湯に浸かっている", "hot_spring"),
    ("fishermen mend nets in the harbour", "harbour"),
    ("a pig on a farm", "farmyard"),
    ("an alligator in a swamp", "swamp"),
    ("a couple dines in a restaurant", "restaurant"),
    ("Un pueblo con barcos en el puerto", "harbour"),
    ("a waltz in a ballroom", "ballroom"),
    ("an old trunk in the attic", "attic"),
    ("Un chat noir dort dans une vieille librairie", "library"),
    ("Una niña se cepilla los dientes en el baño", "bathroom"),
    ("Un homme attend le train sur le quai de la gare", "train_station"),
    ("Ein Schreiner hobelt ein Brett in der Werkstatt", "workshop"),
    ("Crianças jogam na quadra de basquete", "sports_hall"),
    ("Рабочие в цеху собирают автомобиль", "factory"),
    ("一个女孩在浴室里刷牙", "bathroom"),
    ("夕暮れの駅のホームで女子高生が電車を待っている", "train_station"),
    ("지하철역에서 기타를 치는 남자", "subway_station"),
]
INSIDE = [
    ("a priest in a church", "church"),
    ("a nun prays inside a small church", "church"),
    ("robots in an old factory", "factory"),
    ("a knight in a ruined castle", "hall"),
    ("Roboter schweißt eine Autotür in einer modernen Fabrik", "factory"),
    ("dans une petite tente un enfant lit un livre", "tent"),
    ("an astronaut looks at the earth through the window", "spaceship"),
]
IMPLIED = [
    ("a carpenter saws a board", "workshop"),
    ("a blacksmith at work", "workshop"),
    ("a factory worker with a helmet", "factory"),
    ("a basketball player dunks", "sports_hall"),
    ("a cat in a bathtub", "bathroom"),
    ("a lion roars", "savanna"),
    ("a man fills up his car at a gas station", "petrol_station"),
    ("close-up of a barista who pours milk", "cafe"),
    ("a surgeon with a mask", "hospital"),
    ("a judge with a hammer", "courtroom"),
    ("a bag behind a vase", "table"),
    ("a cat sleeps by the window", "living_room"),
]


@pytest.mark.parametrize(("prompt", "place"), NAMED)
def test_a_place_is_known_by_its_name(prompt: str, place: str) -> None:
    assert plan_shot(prompt, seed=1).set == place


@pytest.mark.parametrize(("prompt", "place"), IMPLIED)
def test_a_profession_or_a_thing_has_its_usual_place(prompt: str, place: str) -> None:
    assert plan_shot(prompt, seed=1).set == place


@pytest.mark.parametrize("place", ["train station", "subway station"])
def test_a_train_of_a_station_is_behind_who_waits(place: str) -> None:
    woman, train = plan_shot(f"a woman waits at the {place} as a train arrives", seed=1).cast

    assert (woman.subject, woman.plane) == ("woman", Plane.GROUND)
    assert (train.subject, train.plane) == ("light-rail", Plane.BACKGROUND)


@pytest.mark.parametrize(("prompt", "place"), INSIDE)
def test_who_is_in_a_building_is_seen_in_its_room(prompt: str, place: str) -> None:
    plan = plan_shot(prompt, seed=1)

    assert plan.set == place
    assert not {"church", "factory", "castle", "tent", "window"} & {
        one.subject for one in plan.cast
    }
    assert plan.not_shown == ()


@pytest.mark.parametrize("building", ["church", "factory", "castle"])
def test_who_is_in_front_of_a_building_is_outside(building: str) -> None:
    plan = plan_shot(f"a girl stands in front of a {building}", seed=1)

    assert building in {one.subject for one in plan.cast}
    assert plan.set not in {"church", "factory", "hall"}


def test_who_bathes_in_a_hot_spring_is_in_its_water_and_who_walks_is_not() -> None:
    monkeys = plan_shot("monkeys in a hot spring", seed=1).cast[0]
    woman = plan_shot("a woman walks past a hot spring", seed=1).cast[0]

    assert (monkeys.plane, woman.plane) == (Plane.WATER, Plane.GROUND)


def test_snow_beside_another_place_is_seen_in_any_language() -> None:
    assert plan_shot("雪の積もった温泉で猿がお湯に浸かっている", seed=1).palette == "snowy"
    assert plan_shot("monkeys in a hot spring in the snow", seed=1).palette == "snowy"


@pytest.mark.parametrize("prompt", ["ロボットが工場で働く", "공장에서 로봇이 일한다"])
def test_who_works_at_a_factory_is_in_it(prompt: str) -> None:
    assert plan_shot(prompt).set == "factory"


def test_puddles_in_which_one_jumps_are_drawn() -> None:
    girl, puddles = plan_shot("a girl jumps in puddles").cast
    assert (puddles.subject, girl.on) == ("puddle", 1)


def test_a_goldfish_stays_in_its_bowl_on_a_sill() -> None:
    goldfish, bowl, _ = plan_shot("goldfish swimming in a glass bowl on the window sill").cast
    assert (bowl.subject, goldfish.on, bowl.on) == ("fish-bowl", 1, 2)


@pytest.mark.parametrize(
    ("prompt", "place", "cast"),
    [
        ("a caravan of camels crosses the dunes", "desert", "camel x12"),
        ("Un pez payaso entre una nube de peces", "underwater", "clownfish x1, fish x12"),
        ("Ein Hubschrauber kreist über einem Öltanker", "ocean", "helicopter x1, ship x1"),
        ("Un mariachi toca la trompeta frente a una iglesia", "street", None),
    ],
)
def test_the_rest_of_the_cast_says_where_it_is(prompt: str, place: str, cast: str | None) -> None:
    plan = plan_shot(prompt)
    assert plan.set == place
    assert cast is None or ", ".join(f"{one.subject} x{one.count}" for one in plan.cast) == cast


def test_a_family_that_flies_a_kite_stays_on_the_ground() -> None:
    *family, kite = plan_shot("a family flying a kite").cast
    assert {member.action for member in family} == {"work"}
    assert kite.action == "fly"


def test_a_bar_in_a_japanese_lever_is_no_place() -> None:
    plan = plan_shot("宇宙船の操縦席で女性パイロットがレバーを引く")
    assert plan.set == "spaceship"
    assert [one.words for one in plan.not_shown] == ["レバー"]


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("Eine Frau geht durch den Garten der Klinik", "garden"),
        ("Una abuela riega las macetas de su balcón", "porch"),
        ("a scooter in a rainy city, wet asphalt", "street"),
        ("一家人吃年夜饭,窗外烟花绽放", "living_room"),
        ("a cat at a window", "living_room"),
    ],
)
def test_the_head_of_the_words_for_places_is_the_place(prompt: str, place: str) -> None:
    assert plan_shot(prompt).set == place


def test_lanterns_that_rise_are_not_on_the_boat() -> None:
    plan = plan_shot("Hundreds of lanterns rise from a river, a girl in a boat")
    assert [one.on for one in plan.cast if one.subject == "lantern"] == [None]


def test_who_comes_after_a_comma_is_alone_on_its_branch() -> None:
    plan = plan_shot("Дети катаются на санках, снегири на ветках рябины")
    hosts = [None if one.on is None else plan.cast[one.on].subject for one in plan.cast]
    assert hosts[0] == "sled"
    assert "branch" in hosts


def test_who_takes_off_a_hat_does_not_fly() -> None:
    assert plan_shot("A worker takes off his hat and laughs").cast[0].action != "fly"
    assert plan_shot("a plane takes off").cast[0].action == "fly"


def test_a_camel_caravan_is_no_vehicle() -> None:
    assert [one.subject for one in plan_shot("A camel caravan crosses dunes").cast] == ["camel"]
    assert "ewe" in [one.subject for one in plan_shot("a shepherd leads his flock").cast]


def test_a_temple_does_not_stand_on_a_statue_on_which_a_squirrel_sits() -> None:
    plan = plan_shot("小和尚在寺庙门前扫落叶，一只松鼠蹲在石狮子上")
    hosts = {one.subject: one.on for one in plan.cast}
    assert hosts["pagoda"] is None
    assert hosts["squirrel"] is not None


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("an astronaut walks on the moon", "moon_surface"),
        ("an explorer on an alien planet", "alien_planet"),
        ("a hiker crosses a glacier", "glacier"),
        ("a man beside a river of lava", "lava_field"),
        ("a woman at a waterfall", "waterfall"),
        ("a girl on a floating island", "floating_islands"),
        ("a woman in a lavender field", "lavender_field"),
        ("a dog runs through a field of sunflowers", "sunflower_field"),
        ("a girl in a tulip field", "tulip_field"),
        ("a farmer in rice terraces", "rice_terraces"),
        ("a woman on a tea plantation", "tea_plantation"),
        ("a man in an apple orchard", "orchard"),
        ("an explorer in ancient ruins", "ruins"),
        ("a woman jogs in the park", "park"),
        ("a knight in a medieval village", "village"),
        ("a woman in a cemetery", "cemetery"),
        ("a girl in an amusement park", "amusement_park"),
        ("children at the zoo", "zoo"),
        ("a worker on a construction site", "construction_site"),
        ("a worker at the container terminal", "container_port"),
        ("a cowboy in the wild west", "western_town"),
        ("a man on a bridge", "bridge"),
        ("a man in a parking lot", "parking_lot"),
        ("a girl on an ice rink", "ice_rink"),
        ("a boy in a skatepark", "skatepark"),
        ("Un hombre en un cementerio", "cemetery"),
        ("Une femme dans un parc", "park"),
        ("Ein Arbeiter auf einer Baustelle", "construction_site"),
        ("Uma mulher em uma cachoeira", "waterfall"),
        ("Девочка в парке аттракционов", "amusement_park"),
        ("一个农民在梯田里", "rice_terraces"),
        ("遊園地の女の子", "amusement_park"),
        ("달 표면을 걷는 우주비행사", "moon_surface"),
    ],
)
def test_a_place_outdoors_is_known_by_its_name(prompt: str, place: str) -> None:
    plan = plan_shot(prompt, seed=1)

    assert plan.set == place
    assert plan.not_shown == ()


def test_a_waterfall_of_another_place_is_one_of_its_cast() -> None:
    plan = plan_shot("a jaguar at a waterfall in the jungle", seed=1)

    assert plan.set == "jungle"
    assert "waterfall" in {one.subject for one in plan.cast}


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("a girl in a museum", "museum"),
        ("a boy at the aquarium", "aquarium"),
        ("a boy in an arcade", "arcade"),
        ("a man in a casino", "casino"),
        ("a couple at the cinema", "cinema"),
        ("a woman dances in a nightclub", "nightclub"),
        ("a woman in a bowling alley", "bowling_alley"),
        ("a man stands in the foyer", "hotel_lobby"),
        ("a baker in a bakery", "bakery"),
        ("a man in a barber shop", "barber_shop"),
        ("a technician in a server room", "server_room"),
        ("an engineer at mission control", "control_room"),
        ("a pilot in the cockpit", "cockpit"),
        ("a singer in a recording studio", "recording_studio"),
        ("a journalist in a news studio", "tv_studio"),
        ("a woman in a subway train", "subway_train"),
        ("a man in an airplane cabin", "airplane_cabin"),
        ("a sailor inside a submarine", "submarine_interior"),
        ("a man in a wine cellar", "wine_cellar"),
        ("a woman in a laundromat", "laundromat"),
        ("a man in a garage", "garage"),
        ("a man in a parking garage", "parking_garage"),
        ("a car in a tunnel", "tunnel"),
        ("a soldier in an underground bunker", "bunker"),
        ("a woman in an elevator", "elevator"),
        ("children in a planetarium", "planetarium"),
        ("two boxers in a boxing ring", "boxing_ring"),
        ("a man in a penthouse", "penthouse"),
        ("a monk in a temple", "temple"),
        ("a man in a mosque", "mosque"),
        ("Una mujer en la peluquería", "barber_shop"),
        ("Une femme dans une boulangerie", "bakery"),
        ("Ein Mann in der Tiefgarage", "parking_garage"),
        ("Um homem no cassino", "casino"),
        ("Мужчина в музее", "museum"),
        ("一个女孩在水族馆", "aquarium"),
        ("ゲームセンターで遊ぶ少年", "arcade"),
        ("카지노에서 게임하는 남자", "casino"),
    ],
)
def test_a_room_is_known_by_its_name(prompt: str, place: str) -> None:
    plan = plan_shot(prompt, seed=1)

    assert plan.set == place
    assert plan.not_shown == ()


def test_fish_of_an_aquarium_are_in_its_water() -> None:
    assert plan_shot("tropical fish in an aquarium", seed=1).set == "underwater"


@pytest.mark.parametrize(
    ("prompt", "place", "cast"),
    [
        ("a diver at a coral reef", "underwater", "diver x1, coral x1"),
        ("a man at a wind farm", "meadow", "man x1, wind-turbine x5"),
        ("a woman on a dam", "lake", "woman x1, dam x1"),
    ],
)
def test_what_makes_a_place_is_in_it(prompt: str, place: str, cast: str) -> None:
    plan = plan_shot(prompt, seed=1)

    assert plan.set == place
    assert ", ".join(f"{one.subject} x{one.count}" for one in plan.cast) == cast


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("children dance at a festival", "street"),
        ("a DJ at a festival", "stage"),
        ("Procesión de barcas en un lago", "lake"),
        ("a dog under the kitchen table", "kitchen"),
        ("two girls in the school garden", "garden"),
        ("an elephant in the big top", "stage"),
        ("a beer garden with people", "village"),
        ("a woman walks through a post-apocalyptic city", "ruins"),
    ],
)
def test_what_happens_and_what_furniture_is_called_choose_a_place(prompt: str, place: str) -> None:
    assert plan_shot(prompt, seed=1).set == place


@pytest.mark.parametrize("words", ["quarry", "junkyard", "sewer", "black hole", "airfield"])
def test_a_place_that_another_one_stands_for_is_told(words: str) -> None:
    plan = plan_shot(f"a man and a dog, {words}", seed=1)

    told = {one.words: one.reason for one in plan.not_shown}
    assert told[words].startswith("The picture shows this place instead")
    assert words not in plan.shown
