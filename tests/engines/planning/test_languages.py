"""Prompts in eight languages: counts, colours, relations, denial and what everybody does."""

import pytest

from rushes.core.shot_plan import CastMember, ShotPlan
from rushes.engines.animatic.planning.plan import plan_shot

PROMPTS = [
    ("两只老虎在草地上奔跑", "meadow", "tiger x2 run"),
    ("一只白猫坐在椅子上", "living_room", "kitten-beast #fafafa sit on chair, chair stand"),
    ("一辆紫色的汽车", "street", "automobile #7b1fa2 drive"),
    ("一辆摩托车减速停车", "street", "motorcycle drive"),
    ("拿着一本书的女孩坐在长椅上", "garden", "open-book stand on girl, girl sit on bench, bench stand"),
    ("骑着马的男人", "meadow", "horse walk, man sit on horse"),
    ("三个骑自行车的孩子", "street", "bicycle drive, child x3 sit on bicycle"),
    ("椅子上坐着一只猫", "living_room", "chair stand, kitten-beast sit on chair"),
    ("男孩和狗坐在沙发上", "living_room", "boy sit on sofa, puppy-beast sit on sofa, sofa stand"),
    ("狗追着猫，猫爬上了树", "forest", "dog run, cat walk on deciduous-tree, deciduous-tree stand"),
    ("女巫骑着扫帚飞过满月", "clouds", "witch fly, broom stand on witch, full-moon stand"),
    ("宇航员没戴头盔漂浮在太空中", "space", "astronaut float"),
    ("茶色い犬が夕日の海辺を走っている", "beach", "dog #6d4c41 run"),
    ("テーブルの上の猫", "table", "cat stand"),
    ("岩の上に座る人魚", "underwater", "rock stand on mermaid, mermaid sit"),
    ("本を読んでいる女性", "living_room", "open-book stand on woman, woman work"),
    ("自転車に乗っている少年", "street", "bicycle drive, boy sit on bicycle"),
    ("赤い帽子をかぶった三人の女性が歩いている", "street", "woman x3 walk, top-hat #d32f2f stand on woman"),
    ("犬が猫を追いかけ、猫が木に登る", "forest", "dog run, cat walk, deciduous-tree stand"),
    ("ヘルメットなしの宇宙飛行士が宇宙に浮かんでいる", "space", "astronaut float"),
    ("夜明けの霧の中、車のない誰もいない通り", "street", ""),
    ("하얀 말 네 마리가 초원을 달린다", "meadow", "horse x4 #fafafa run"),
    ("소파 위의 고양이", "living_room", "sofa stand, cat stand on sofa"),
    ("책을 읽고 있는 여자", "living_room", "open-book stand on woman, woman work"),
    ("말을 탄 기사", "meadow", "horse walk, knight sit on horse"),
    ("갑옷을 입은 기사가 초록색 용과 싸운다", "battlefield", "knight fight, dragon #388e3c fight"),
    ("헬멧 없이 우주에 떠 있는 우주비행사", "space", "astronaut float"),
    ("나무 아래에서 춤추는 두 소녀", "forest", "deciduous-tree stand, girl x2 dance"),
    ("Un perro marrón corre por la playa al atardecer", "beach", "dog #6d4c41 run"),
    ("Un niño con gorra azul monta en bicicleta", "street", "boy sit on bicycle, billed-cap #1976d2 stand on boy, bicycle drive"),
    ("Un jardinero planta tulipanes rosas", "garden", "gardener work, tulip x3 #ec407a stand"),
    ("Cinco patitos siguen a su madre", "lake", "duckling x5 walk, woman stand"),
    ("Doce pingüinos caminan sobre el hielo", "snow", "penguin x12 walk"),
    ("Un jardinier plante des tulipes roses", "garden", "gardener work, tulip x3 #ec407a stand"),
    ("Un homme joue de la guitare", "living_room", "man work, guitar stand on man"),
    ("Neuf bougies sur un gâteau d'anniversaire", "table", "candle x9 burn on birthday-cake, birthday-cake stand"),
    ("Ein Ritter in Rüstung kämpft gegen einen grünen Drachen", "battlefield", "knight fight, dragon #388e3c fight"),
    ("Ein Feuerwehrmann löscht ein brennendes Haus", "street", "firefighter work, house burn"),
    ("Der Hund jagt die Katze und die Katze klettert auf einen Baum", "forest", "dog run, cat walk on deciduous-tree, deciduous-tree stand"),
    ("Ein Paar geht unter einem Regenschirm spazieren", "street", "woman walk, man walk, umbrella-open stand on woman"),
    ("Ein Astronaut schwebt im Weltraum ohne Helm", "space", "astronaut float"),
    ("Eine Giraffe steht zwischen zwei Bäumen", "savanna", "giraffe stand, deciduous-tree stand, deciduous-tree stand"),
    ("Ein Junge mit blauer Mütze fährt Fahrrad", "street", "boy sit on bicycle, beanie #1976d2 stand on boy, bicycle drive"),
    ("Quatro cavalos brancos galopam pelo prado", "meadow", "horse x4 #fafafa run"),
    ("Um macaco come uma banana", "forest", "monkey eat, banana stand on monkey"),
    ("Uma menina de vestido amarelo dança no jardim", "garden", "girl #fbc02d dance"),
    ("Пожарный тушит горящий дом из шланга", "street", "firefighter work, house burn, hose stand on firefighter"),
    ("Собака гонится за кошкой, и кошка залезает на дерево", "forest", "dog run, cat walk on deciduous-tree, deciduous-tree stand"),
    ("Девять свечей на именинном торте", "table", "candle x9 burn on birthday-cake, birthday-cake stand"),
    ("Пара гуляет под зонтом", "street", "woman walk, man walk, umbrella-open stand on woman"),
    ("Дети играют в футбол на улице под дождём", "street", "child x3 run, soccer-ball roll"),
    ("Retrato de un pescador con barba blanca", "studio", "fisherman work"),
    ("Porträt eines Schornsteinfegers", "studio", "chimney-sweep stand"),
    ("Портрет старого моряка с трубкой", "studio", "sailor stand, smoking-pipe stand on sailor"),
    ("Un niño con sombrero vaquero cruza un río helado", "lake", "boy walk, cowboy-hat stand on boy"),
    ("Una coruja de óculos lê um jornal", "forest", "owl work, glasses stand on owl, newspaper stand"),
    ("Un hérisson en salopette arrose des tournesols", "forest", "hedgehog work, overalls stand on hedgehog, sunflower x3 stand"),
    ("Медведь в шляпе сидит на пне", "forest", "bear sit, top-hat stand on bear"),
    ("Un camión de bomberos con las sirenas encendidas", "street", "fire-engine drive"),
    ("Пожарная машина с включённой сиреной", "street", "fire-engine drive"),
    ("消防車がサイレンを鳴らして走る", "street", "fire-engine drive"),
    ("Le Petit Poucet marche, suivi de ses six frères", "garden", "boy walk, boy x6 stand"),
    ("Викинги стоят у дерева", "mountain", "viking x3 stand"),
    ("Снегурочка едет на санях", "snow", "girl sit on sleigh, sleigh stand"),
    ("Ежик смотрит на белую лошадь", "forest", "hedgehog stand, horse #fafafa stand"),
    ("Ein Bauer treibt seine Kühe", "meadow", "farmer walk, cow x3 stand"),
    ("Zwei Fechterinnen kämpfen", "sports_hall", "person-fencing fight, person-fencing fight"),
    ("Ein Füllfederhalter liegt auf dem Tisch", "table", "fountain-pen sit"),
    ("Érase una vez un oso que tejía bufandas", "forest", "bear work, scarf x3 stand"),
    ("投手が振りかぶって投げる", "sports_ground", "baseball-player throw"),
    ("豆腐屋の前に立つおじいさん", "studio", "old-man stand"),
    ("たぬきが森にいる", "forest", "raccoon stand"),
    ("장군이 거북선 갑판에 서 있다", "ship_deck", "soldier stand"),
    ("스노보더가 슬로프를 내려온다", "snow", "snowboarder drift"),
    ("아기 곰이 꿀단지를 안고 있다", "forest", "bear stand, honey-pot stand"),
    ("一部手机悬浮在空中", "table", "mobile-phone float"),
    ("两名乒乓球运动员在体育馆", "sports_hall", "athlete x2 run"),
    ("案板上放着葱花和牛肉", "kitchen", "cutting-board stand, leek stand on cutting-board, cut-of-meat stand"),
    ("孙悟空与牛魔王大战", "forest", "monkey stand, minotaur stand"),
    ("招牌在雨中，一个骑手骑着电动车", "street", "billboard stand, motorcyclist sit on motor-scooter, motor-scooter drive"),
    ("九尾狐坐在樱花树下，身旁飘着鬼火", "forest", "fox-beast sit, cherry-tree stand"),
    ("Um mico-leão-dourado salta na mata", "forest", "monkey jump"),
    ("Um fusca azul sobe a serra, faróis acesos", "mountain", "beetle-car #1976d2 rise"),
    ("Jogadores de vôlei treinam na praia", "beach", "athlete x3 run"),
    ("Osos polares caminan por la nieve", "snow", "polar-bear x3 walk"),
    ("Un tren cruza el valle, humo sale de la chimenea", "mountain", "locomotive drive"),
    ("Der Nachtzug fährt durch den Wald", "forest", "locomotive drive"),
    ("Ein Boot auf dem Bergsee", "lake", "sailboat sail"),
    ("郵便配達員が歩く", "street", "courier walk"),
    ("금은보화가 쏟아진다", "abstract", ""),
    ("배달 기사가 오토바이를 타고 달린다", "street", "courier sit on motorcycle, motorcycle drive"),
    ("갓 구운 빵이 식탁 위에 있다", "table", "bread stand"),
    ("清朝皇帝坐在龙椅上", "hall", "emperor sit on throne, throne stand"),
    ("一支口红旋转升起", "table", "lipstick spin"),
    ("Una pareja de ancianos baila", "stage", "old-woman dance, old-man dance"),
    ("猫戴着帽子，狗骑着自行车", "street", "cat stand, top-hat stand on cat, puppy-beast sit on bicycle, bicycle drive"),
    ("dos coches de carreras", "road", "racing-car x2 drive"),
    ("El rey león ruge sobre una roca", "savanna", "lion talk on rock, rock stand"),
    ("Kinder lassen Drachen auf einer Wiese steigen", "meadow", "child x3 stand, kite rise"),
    ("Um menino com capa de super-herói corre pelo corredor do hospital", "corridor", "boy run, cloak stand on boy, hospital stand"),
    ("一群大雁排成人字形飞过湖面", "lake", "goose x8 fly"),
    ("沙漠中一支骆驼商队前行", "desert", "camel x12 walk"),
    ("老夫婦がベンチに座って鳩に餌をやる", "street", "old-woman sit on bench, old-man sit on bench, bench stand, pigeon stand"),
    ("Um gato astronauta flutua no espaço", "space", "cat float"),
    ("Un robot jardinier dans un jardin", "garden", "robot stand"),
    ("一个机器人厨师在厨房里", "kitchen", "robot stand"),
    ("로봇 요리사가 요리한다", "street", "robot work"),
    ("一个男孩和一只狗在跑", "garden", "boy run, dog run"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "place", "cast"), PROMPTS)
def test_a_prompt_of_another_language_is_read_as_well_as_english(
    prompt: str, place: str, cast: str
) -> None:
    plan = plan_shot(prompt, seed=7)
    assert (plan.set, ", ".join(said(plan, one) for one in plan.cast)) == (place, cast)


def said(plan: ShotPlan, member: CastMember) -> str:
    """Return what a plan says of a member: how many, its colour, what it does and on what."""
    words = [member.subject]
    words += [f"x{member.count}"] if member.count > 1 else []
    words += [member.colour] if member.colour else []
    words.append(str(member.action))
    words += [f"on {plan.cast[member.on].subject}"] if member.on is not None else []
    return " ".join(words)


@pytest.mark.parametrize(
    "prompt",
    [
        "自信地微笑", "令人惊叹的画面", "雪覆盖的岩石山，海拔很高", "顺时针环绕镜头", "相机环绕镜头", "Eine Wand", "Der Rock ist kurz", "une main",
    ],
)  # fmt: skip
def test_a_part_of_a_word_and_a_false_friend_are_no_subjects(prompt: str) -> None:
    drawn = {one.subject for one in plan_shot(prompt, seed=7).cast}
    assert not drawn & {"scroll", "person-standing", "sewing-needle", "camera", "magic-wand"}


@pytest.mark.parametrize(
    ("prompt", "move"),
    [
        ("浴缸，相机环绕镜头", "orbit_right"), ("花瓶，向下移镜头", "tilt_down"), ("花园，向右移镜头", "pan_right"), ("海滩，镜头拉远", "pull_out"),
        ("Die Kamera fährt langsam auf eine Kerze zu", "push_in"), ("Камера медленно приближается к свече", "push_in"),
        ("カメラがゆっくりとろうそくに近づく", "push_in"), ("카메라가 천천히 촛불에 다가간다", "push_in"),
    ],
)  # fmt: skip
def test_a_move_of_the_camera_is_read_and_no_camera_is_drawn(prompt: str, move: str) -> None:
    plan = plan_shot(prompt, seed=7)
    assert [one.move for one in plan.camera] == [move]
    assert "camera" not in {one.subject for one in plan.cast}


@pytest.mark.parametrize(
    ("prompt", "place", "cast"),
    [
        ("a small house without windows in the forest", "forest", ["house"]),
        ("Eine Straße ohne Menschen im Nebel", "street", []),
        ("森林里没有窗户的小房子", "forest", ["house"]),
        ("森の中の窓のない小さな家", "forest", ["house"]),
        ("숲속의 창문 없는 작은 집", "forest", ["house"]),
    ],
)
def test_a_denial_ends_where_a_place_or_the_noun_that_it_describes_follows(
    prompt: str, place: str, cast: list[str]
) -> None:
    plan = plan_shot(prompt, seed=7)
    assert (plan.set, [one.subject for one in plan.cast]) == (place, cast)


def test_who_has_a_hat_and_a_stick_may_be_named_after_them() -> None:
    plan = plan_shot("戴帽子拄拐杖的老人走过桥", seed=7)
    old_man = next(at for at, one in enumerate(plan.cast) if one.subject == "old-man")
    assert [one.on for one in plan.cast if one.subject in {"top-hat", "walking-stick"}] == [
        old_man,
        old_man,
    ]


@pytest.mark.parametrize(
    ("prompt", "clothes"),
    [
        ("two women in red coats walk in the park", []),
        ("Два мальчика в синих свитерах играют", ["sweater"]),
        ("Dos chicas con faldas azules bailan", ["skirt"]),
    ],
)
def test_several_who_wear_the_same_are_all_drawn_in_it(prompt: str, clothes: list[str]) -> None:
    wearers, *worn = plan_shot(prompt, seed=7).cast
    assert wearers.count == 2
    assert [one.subject for one in worn] == clothes
    assert all(one.on == 0 for one in worn)


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("Стая птиц летит над морем", "bird"),
        ("鳥の群れが海の上を飛ぶ", "bird"),
        ("Ein Fischschwarm im Meer", "fish"),
    ],
)
def test_a_flock_is_many(prompt: str, subject: str) -> None:
    member = plan_shot(prompt, seed=7).cast[0]
    assert (member.subject, member.count) == (subject, 12)


def test_an_animal_with_glasses_rides_a_skateboard() -> None:
    glasses, dog, board = plan_shot("サングラスをかけた犬がスケートボードに乗っている", seed=7).cast
    assert (glasses.on, dog.on, board.subject) == (1, 2, "skateboard")


@pytest.mark.parametrize(
    ("prompt", "move"),
    [
        ("Un barco en el mar, travelling lateral", "truck_right"), ("Un bateau, travelling vers la gauche", "truck_left"),
        ("Ein Turm, Kranfahrt nach oben", "crane_up"), ("Um farol, câmera recua", "pull_out"), ("Маяк, камера отъезжает", "pull_out"),
        ("老人摇着扇子，镜头跟拍", ""), ("灯台、クレーンアップ", "crane_up"), ("등대, 카메라가 주위를 돈다", "orbit_right"),
        ("老爷爷坐在竹椅上摇着蒲扇", ""), ("Ein Hund, Kameraschwenk nach links", "pan_left"),
    ],
)  # fmt: skip
def test_moves_of_every_kind_are_read(prompt: str, move: str) -> None:
    assert " ".join(one.move for one in plan_shot(prompt, seed=7).camera) == move


def test_chinese_borrows_no_japanese_words() -> None:
    assert plan_shot("每天晚上孩子们都会在森林里玩").set == "forest"  # and in no 都会, a city


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("Ein Reh steht im Morgennebel, weiches Fensterlicht", "Morgennebel"),
        ("Ein Kind spielt im Sommerregen, ruhige Kameraführung", "Sommerregen"),
    ],
)
def test_the_last_part_of_a_compound_may_be_weather_or_light(prompt: str, shown: str) -> None:
    plan = plan_shot(prompt)
    assert shown in plan.shown
    assert plan.not_shown == ()
