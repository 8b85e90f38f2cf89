"""
List what a prompt may leave open, and the phrases that a cinematographer would add.

No phrase here names a place, an object, a time of day or a weather: engines that draw from the
words must find only those of the caller.
"""

import re
from dataclasses import dataclass
from typing import Final

from rushes.kit.word_patterns import whole_words

_NOTHING: Final = re.compile(r"(?!)")
_ANYTHING: Final = re.compile(r"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Phrases for prompts with certain words."""

    phrases: tuple[str, ...]
    """The seed chooses one of them."""

    where: re.Pattern[str] = _ANYTHING
    """The option applies to prompts with these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One aspect of a shot, such as its light or its lens."""

    name: str
    mentioned: re.Pattern[str]
    """Words with which a prompt has settled the aspect; each of our phrases has one of them too."""

    options: tuple[Option, ...]
    """The first that applies is used."""

    excluded: re.Pattern[str] = _NOTHING
    """Words with which no phrase of this aspect fits."""


_DRAWN: Final = """
    anime manga cartoon* animat* illustrat* drawn drawings? sketch* paint* water_colou?r* gouache
    ink charcoal pastels? comics? pixel* (?:8|16)_bit voxels? low_poly vector flat_design
    clay claymation stop_motion lego origami paper_cut* papercraft puppets? [23]_d cgi render*
    unreal_engine pixar ghibli disney ukiyo_e impressionis* cubis* mosaic stained_glass line_art
    isometric infographics? logos? motion_graphics abstract fractals? kaleidoscop*
"""
"""Words for pictures that no camera has taken."""

_RACING: Final = """
    race races racing racers? chas(?:e|es|ed|ing) sprint* gallop* speed* rush* explo(?:de|des|ding)
    explosions? crash* fight* battles? parkour stunts? flees? fleeing skateboard* motorcycles?
    rockets? hectic
"""
_PEOPLE: Final = """
    m[ae]n wom[ae]n persons? people girls? boys? child(?:ren)? kids? bab(?:y|ies) lad(?:y|ies)
    couple actors? actress dancers? singers? chefs? warriors? knights? samurai astronauts? king
    queen he she they grandmother grandfather mother father artists? musicians? detectives? robots?
    witch wizard
"""
_FACES: Final = "faces? eyes smil* tears gaz* lips expressions?"
_VISTAS: Final = """
    mountains? oceans? seas? valleys? deserts? skyline cit(?:y|ies) cityscape landscapes? forests?
    canyons? skies sky horizon galax(?:y|ies) planets? islands? coast* beach(?:es)? lakes? fields?
    meadows? glaciers? volcano(?:es)? castles? waterfalls?
"""
_NIGHT: Final = "night* midnight dark* starry auroras? northern_lights noir nightclub caves? horror"
_SPACE: Final = "space galax(?:y|ies) nebulae? planets? asteroids? orbit* spaceships? astronauts?"
_VEILED: Final = """
    rain* fog* mist* overcast cloudy snow* blizzard storm* haze hazy smok* underwater
"""
_LOW_SUN: Final = "sunsets? sunrise dusk dawn twilight evening morning"

SHOT: Final = Aspect(
    name="shot",
    mentioned=whole_words("""
        close_ups? shots? framing framed frames? wide tight medium macro aerials? drones? fpv pov
        (?:first|third)_person over_the_shoulder overhead top_down (?:bird|worm)'?s_eye*
        (?:low|high|dutch|wide|eye)_(?:angle|level) portraits? headshots? selfies? panoram*
        microscop* satellite composition composed compositions fly_over viewpoint
    """),
    excluded=whole_words("split_screen collage montage logos? infographics?"),
    options=(
        Option(where=whole_words(_FACES), phrases=("tight framing at eye level",)),
        Option(where=whole_words(_PEOPLE), phrases=("medium framing at eye level",)),
        Option(where=whole_words(_VISTAS), phrases=("wide framing with layered depth",)),
        Option(phrases=("medium framing", "balanced framing")),
    ),
)

LIGHT: Final = Aspect(
    name="light",
    mentioned=whole_words("""
        (?:sun|moon|day|candle|back|head|street|star|flash|spot|torch|lamp|stage|rim|side|key|fire)?lights?
        lighting lit (?:back|sun|moon|candle|fire)_lit *-lit lighted lightning luminous illuminat*
        shadow* silhouett* glow* neon* suns? sunny sun_beams? (?:god|sun|light)_rays? bright
        brighter brightest brightly dim dimly candles? lamps? lanterns? torch* (?:high|low)_key
        chiaroscuro (?:golden|blue|magic)_hour golden (?:camp|bon|wild|hearth)?fires? fire_light
        flames? flaming burning blaz(?:e|es|ing) fireworks? firefl* lasers? disco contrast* exposure
        (?:over|under)exposed moon noon midday
    """),
    excluded=whole_words(f"""
        pitch_black blinding strob* flash* x_ray night_vision thermal infrared {_DRAWN}
    """),
    options=(
        Option(where=whole_words(_NIGHT), phrases=("low-key light with deep shadows",)),
        Option(where=whole_words(_SPACE), phrases=("directional light from one side",)),
        Option(where=whole_words(_VEILED), phrases=("diffuse light with soft shadows",)),
        Option(where=whole_words(_LOW_SUN), phrases=("low raking light with long shadows",)),
        Option(phrases=("soft directional light", "natural light with soft shadows")),
    ),
)

LENS: Final = Aspect(
    name="lens",
    mentioned=whole_words(r"""
        \d+_mm lens* anamorphic fish_eye telephoto wide_angle macro bokeh depth_of_field focus*
        f/\d\S* tilt_shift zoom* microscop* camcorder go_pro cctv security_camera webcam
        phone_camera iphone pinhole telescop* vertigo zolly
    """),
    excluded=whole_words(f"{_DRAWN} x_ray satellite thermal"),
    options=(
        Option(where=whole_words(_FACES), phrases=("85mm lens",)),
        Option(where=whole_words(_PEOPLE), phrases=("50mm lens",)),
        Option(where=whole_words(_VISTAS), phrases=("24mm lens", "28mm lens")),
        Option(phrases=("35mm lens", "40mm lens", "50mm lens")),
    ),
)

MOVEMENT: Final = Aspect(
    name="movement",
    mentioned=whole_words("""
        cameras? cam pans? panning panned tilt* doll(?:y|ies|ying) zoom* zoll* orbit*
        cran(?:e|es|ing) boom(?:s|ing)? boom_shots? jib pedestal push* pull* track(?:s|ing)?
        truck(?:s|ing)? arc(?:s|ing)? hand_held shak(?:y|es|ing|e) static still motionless locked_*
        fixed tripod steadicam gimbal drones? aerials? fl(?:y|ying|ies) fly_(?:by|through|over)s?
        fpv pov (?:first|third)_person follow(?:s|ed|ing)? circl(?:e|es|ed|ing)
        rotat(?:e|es|ed|ing|ion) spin(?:s|ning)? turntable roll(?:s|ing)? dutch vertigo whip*
        slid(?:es?|ing|er) glid* sweep* reveal* time_lapse* hyper_lapse* bullet_time frozen
        freez(?:e|es|ing) freeze_frames? found_footage vlog cctv travell?ing parallax bolt_cam
        bird'?s_eye* top_down overhead 360 cinemagraph loop* close_ups?
    """),
    excluded=whole_words(f"{_RACING} split_screen isometric logos? side_scroll*"),
    options=(Option(phrases=("steady push-in",)),),
)

PACE: Final = Aspect(
    name="pace",
    mentioned=whole_words("""
        slow* fast faster fastest fast_(?:paced|forward|moving|motion) quick* rapid rapidly swift
        swiftly pace[ds]? pacing unhurried hurried hurr(?:y|ies|ying) brisk* energetic frantic
        frenetic dynamic calm* gentl[ey] gentler seren(?:e|ely|ity) tranquil* peaceful* leisurely
        languid* lazy lazily still static motionless frozen freez(?:e|es|ing) freeze_frames?
        time_lapse* hyper_lapse* slow_mo* bullet_time sudden* abrupt* tempo rhythm* whip* smooth*
        real_time urgent* action fps instant instantly montage cuts? subtl*
    """),
    options=(
        Option(where=whole_words(_RACING), phrases=("brisk pace",)),
        Option(phrases=("unhurried pace", "even pace")),
    ),
)

TAKE: Final = Aspect(
    name="take",
    mentioned=whole_words("""
        takes? uncut unbroken cuts? cutting montage sequence* scenes? transition* then after before
        finally suddenly first second split_screen collage shots time_lapse* hyper_lapse*
        morph(?:s|ed|ing)? transform(?:s|ed|ing|ations?)? slideshow trailer
    """),
    options=(Option(phrases=("one unbroken take",)),),
)
"""For clips that are long enough for a cut."""

TEXTURE: Final = Aspect(
    name="texture",
    mentioned=whole_words(rf"""
        {_DRAWN} films? filmic grain* super_8 vhs betamax digital* [48]_k hd uhd hdr
        (?:hyper|photo|sur|un)?_?realis(?:m|tic|tically) photo(?:s|graph|graphs|graphed|graphic)?
        photography photoreal cinematic* black_(?:and|&)_white b(?:&|/)w monochrom* noir sepia
        gr[ae]yscale vintage retro old_fashioned documentary found_footage style[sd]?
        styli[sz](?:ed|ation) aesthetic* palette colou?r(?:s|ed|ful|ing)? graded grading vivid
        vibrant saturat* desaturat* muted texture[ds]? details? detailed crisp* sharp* blurr* clean
        pristine lo_fi glitch* synthwave vaporwave cyberpunk steampunk surreal* dream* psychedelic
        cctv webcam x_ray thermal infrared night_vision 19\d\ds? hologra* minimal* polaroid kodak*
        fuji* technicolor imax
    """),
    options=(Option(phrases=("fine film grain", "natural texture", "restrained natural colour")),),
)

OPEN_ASPECTS: Final = (SHOT, LIGHT, LENS, MOVEMENT, PACE, TAKE, TEXTURE)
"""In the order of the additions."""

OPPOSITES: Final = tuple(
    (whole_words(ours), whole_words(theirs))
    for ours, theirs in (
        ("soft", "hard* harsh* stark*"),
        ("diffuse", "hard* harsh* stark* clear crystal*"),
        ("natural", "artificial* unnatural* supernatural* alien* studio synthetic plastic"),
        ("low-key deep_shadows", "day* white cheerful"),
        ("low_raking", "night* midnight indoors? underground"),
        ("long_shadows", "overcast fog* rain* cloudy shadowless"),
        ("directional", "flat* even* ambient"),
        (
            "steady even",
            """hand_held shak* documentary unsteady wobbl* trembl* jitter* erratic* uneven* chao*
            earthquakes?""",
        ),
        (
            "unhurried",
            f"""{_RACING} runs? running danc* jump* panic* chao* storm* wild* intense* urgen* escap*
            attack* lightning thunder* hurricanes? tornado*""",
        ),
        ("brisk", "sleep* meditat* rest* quiet*"),
        ("push-in", "away reced* retreat* backwards? shrink* leav(?:es|ing) depart* out"),
        ("wide", "tiny miniature intimate insects? narrow* cramped claustrophobic"),
        ("tight", "vast* crowds? army epic huge loose*"),
        ("balanced", "unbalanced off_balance chao* asymmetr* tilted crooked"),
        ("layered_depth deep", "flat* shallow* minimal*"),
        ("fine grain", "coarse* noiseless smooth* spotless flawless"),
        ("restrained", "bold* extravagan* riot* rainbows? flamboyan* carnival garish wild*"),
        ("eye_level", "giants? below above ants? insects? towering"),
    )
)
"""Pairs of our words and the words of a prompt that they would contradict."""
