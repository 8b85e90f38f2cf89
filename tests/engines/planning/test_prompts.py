"""Prompts as people write them, in nine languages, and what is to be seen."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot

PROMPTS = [
    # English
    ("A golden retriever puppy playing in the snow, slow motion", "snow", "golden-retriever jump"),
    ("Cinematic drone shot over snow-capped mountains at sunrise, clouds drifting between the peaks", "mountain", ""),
    ("a woman in a red dress walking down a rainy Tokyo street at night, neon reflections on the wet pavement", "street", "woman-in-red-dress walk, tokyo-tower stand"),
    ("Two astronauts walking on the surface of Mars, dust storm approaching", "desert", "astronaut walk"),
    ("close-up of a hummingbird hovering next to a red flower", "garden", "hummingbird fly, blossom stand"),
    ("an elderly man reading a newspaper at a cafe table", "cafe", "old-man work, newspaper stand"),
    ("A majestic lion standing on a rock at sunset, wind blowing through its mane", "savanna", "lion stand, rock stand"),
    ("a jellyfish drifts through the deep sea, bioluminescent", "underwater", "jellyfish swim"),
    ("a blacksmith hammering glowing metal, sparks flying", "workshop", "blacksmith work"),
    ("A vintage car driving along a coastal road at golden hour, tracking shot", "road", "vintage-car drive"),
    ("A group of children flying kites on a beach", "beach", "child work, kite fly"),
    ("a wizard casting a spell in a dark forest, glowing particles", "forest", "wizard work"),
    ("A cup of hot coffee on a wooden table by the window, rain outside", "table", "coffee-cup steam, window stand"),
    ("a samurai stands in a field of tall grass, cherry blossom petals in the wind", "meadow", "samurai stand, cherry-blossom fall"),
    ("low angle shot of a skyscraper, clouds moving fast", "city", "skyscraper stand"),
    ("A sailboat on a calm lake, mountains in the background, no people", "lake", "sailboat sail"),
    ("a boy and his dog running through a wheat field", "wheat_field", "boy run, dog run"),
    ("a DJ performing at a festival, confetti, crowd cheering", "stage", "dj dance, person-standing wave"),
    ("an owl perched on a branch at night, full moon behind", "forest", "owl sit, branch stand, full-moon stand"),
    ("a luxury watch rotating on a black pedestal, studio lighting", "table", "watch spin"),
    ("a mermaid swimming near a coral reef with tropical fish", "underwater", "mermaid swim, coral stand, tropical-fish swim"),
    ("a teddy bear sitting on a bed in a child's bedroom", "bedroom", "teddy-bear sit, bed stand"),
    ("The camera orbits around a statue in a museum", "museum", "statue stand"),
    ("Dancing couple in a ballroom, elegant, chandelier", "ballroom", "woman dance, man dance, chandelier stand"),
    ("a wolf howls at the moon on a cliff", "mountain", "wolf talk, full-moon stand"),
    ("an old wooden ship sinking in a storm", "ocean", "sailing-ship fall"),
    ("a red fox jumps over a fallen log", "forest", "fox jump, log stand"),
    ("a chef slicing tomatoes in a busy kitchen", "kitchen", "cook work, tomato stand"),
    ("portrait of an old fisherman, weathered face, dramatic lighting", "studio", "fisherman work"),
    ("a steam train crossing a viaduct in the mountains", "mountain", "steam-train drive, viaduct stand"),
    ("an ice dragon circles a castle at night", "mountain", "western-dragon fly, castle stand"),
    ("a red sports car drifts on a desert road, dust", "road", "sports-car drive"),
    ("a pink flamingo in a pool room", "indoor_pool", "flamingo stand"),
    ("a small rusty robot walks through a flooded library", "library", "robot walk"),
    ("a coffee cup on a marble table, steam rising", "table", "coffee-cup steam"),
    ("a crowded Tokyo crossing at night", "street", "person-walking walk, tokyo-tower stand"),
    # Spanish
    ("Una mujer pasea por la playa al atardecer con un perro", "beach", "woman walk, dog stand"),
    ("Un caballo blanco galopa por el campo bajo la lluvia", "meadow", "horse run"),
    ("Primer plano de un gato negro sobre un tejado de noche", "roof", "black-cat stand"),
    ("Dos niños juegan en un parque en otoño, cámara lenta", "park", "child jump"),
    ("un astronauta flotando en el espacio, la Tierra al fondo", "space", "astronaut float, globe-showing-europe-africa stand"),
    # French
    ("Une femme danse sous la pluie dans une rue de Paris la nuit", "street", "woman dance, eiffel-tower stand"),
    ("Un vieux pêcheur dans son bateau sur un lac au lever du soleil", "lake", "fisherman sit, rowboat drift"),
    ("Un château au sommet d'une montagne, brouillard, plan large", "summit", "castle stand"),
    ("Des montgolfières s'élèvent au-dessus des vignes à l'aube", "vineyard", "hot-air-balloon rise"),
    ("Deux chevaux galopent sur la plage", "beach", "horse run"),
    # German
    ("Ein Ritter reitet auf einem schwarzen Pferd durch den nebligen Wald", "forest", "knight sit, horse walk"),
    ("Eine Katze schläft auf dem Sofa im Wohnzimmer, Nahaufnahme", "living_room", "kitten-beast sit, sofa stand"),
    ("Zwei Hunde rennen am Strand entlang bei Sonnenuntergang", "beach", "dog run"),
    ("Ein roter Sportwagen fährt nachts durch die Stadt, Neonlichter, Kamera schwenkt nach links", "street", "sports-car drive"),
    ("Kinder spielen im Garten", "garden", "child jump"),
    # Portuguese
    ("Um menino corre na praia ao pôr do sol", "beach", "boy run"),
    ("Uma xícara de café fumegante sobre a mesa, close-up", "table", "coffee-cup steam"),
    ("Um dragão voando sobre um castelo em chamas", "mountain", "dragon fly, castle burn"),
    ("Um gato dorme na cozinha", "kitchen", "kitten-beast sit"),
    # Russian
    ("Старик ловит рыбу на берегу озера на закате", "lake", "old-man work, fish swim"),
    ("Девушка в красном платье танцует под дождём", "street", "woman-in-red-dress dance"),
    ("Космонавт идёт по поверхности Марса, пыль", "desert", "astronaut walk"),
    ("Чёрная кошка сидит на крыше ночью, луна", "roof", "kitten-beast sit, full-moon stand"),
    ("Две собаки бегут по снегу", "snow", "dog run"),
    # Chinese
    ("一个女孩在樱花树下跳舞,花瓣飘落", "garden", "girl dance, cherry-tree stand, cherry-blossom fall"),
    ("一只熊猫在竹林里吃竹子", "bamboo_grove", "panda eat, bamboo stand"),
    ("夜晚的东京街头,霓虹灯,下雨,一辆出租车驶过", "street", "taxi drive, tokyo-tower stand"),
    ("宇航员骑着马在月球上奔跑", "moon_surface", "astronaut sit, horse walk"),
    ("一条巨龙在城堡上空飞翔,暴风雨", "mountain", "dragon fly, castle stand"),
    # Japanese
    ("桜の木の下で猫が眠っている", "garden", "cherry-tree stand, kitten-beast sit"),
    ("雨の夜、傘をさした女性が渋谷の交差点を歩く", "street", "umbrella-open stand, woman walk, tokyo-tower stand"),
    ("宇宙飛行士が月面を歩く、ゆっくりズームイン", "moon_surface", "astronaut walk"),
    ("キッチンで料理するシェフ", "kitchen", "cook work"),
    # Korean
    ("눈 내리는 거리를 걷는 여자, 가로등", "street", "woman-walking walk, street-lamp stand"),
    ("두 마리의 강아지가 해변에서 뛰어놀고 있다", "beach", "dog jump"),
    ("우주에서 떠다니는 우주비행사", "space", "astronaut float"),
    ("숲속을 달리는 말", "forest", "horse run"),
    # Body parts, clothes and modifiers are no subjects of their own
    ("a woman reads while a dog sleeps at her feet", "living_room", "woman work, puppy-beast sit"),
    ("a teacher writes on the blackboard", "classroom", "teacher work, blackboard stand"),
    ("穿黄色雨衣的男孩在街上跑", "street", "boy run, raincoat stand"),
    ("A viking longship at sea", "ocean", "viking-ship sail"),
    ("a robot vacuum cleaner and a kitten", "living_room", "vacuum-cleaner stand, kitten stand"),
    # Nouns that are inflected, and words that are spelt alike
    ("ein Bäcker mit drei Gänsen", "kitchen", "baker work, goose stand"),
    ("밤에 거리를 걷는 간호사", "street", "nurse walk"),
    ("luz de foco en el escenario, una cantante", "stage", "singer talk"),
    ("Мама с котёнком на кухне", "kitchen", "woman stand, cat stand"),
    ("deux chevaux et des oiseaux", "meadow", "horse stand, bird fly"),
    # Rooms from outside, and vehicles that no room holds
    ("a taxi waits in front of a diner", "street", "taxi stand, convenience-store stand"),
    ("une femme à vélo", "street", "woman sit, bicycle drive"),
    # Subjects in other languages of Unicode CLDR
    ("en räv i skogen", "forest", "fox stand"),
    ("gatto e cane", "living_room", "cat stand, dog stand"),
    ("kissa ja koira", "living_room", "cat stand, dog stand"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "place", "cast"), PROMPTS)
def test_a_prompt_shows_its_place_its_subjects_and_what_they_do(
    prompt: str, place: str, cast: str
) -> None:
    plan = plan_shot(prompt, seed=1)
    assert plan.set == place
    assert ", ".join(f"{member.subject} {member.action}" for member in plan.cast) == cast
