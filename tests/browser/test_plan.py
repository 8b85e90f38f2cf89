"""The plan of a shot: understood while one types, sketched, edited, and rendered as it was edited."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect
from tests.browser.conftest import WIDTHS, Open, Serving, picture, until, violations

PROMPT = "a chef and a dog in a kitchen at night"


def typed(page: Page, prompt: str = PROMPT) -> Locator:
    """Type a prompt and return the chips, once the rough frame is drawn."""
    page.get_by_label("Prompt", exact=True).fill(prompt)
    chips = page.get_by_role("region", name="Shot plan")
    expect(chips).to_be_visible()
    drawn(page)
    return chips


def drawn(page: Page) -> None:
    """Wait until there is a rough frame with a box for each subject."""
    until(
        page,
        "document.querySelector('.plan-view .rough')?.naturalWidth > 0"
        " && [...document.querySelectorAll('.member')].every((one) => !one.hidden)",
    )


def member(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Subjects on the stage").get_by_role("button", name=name)


def creates(page: Page) -> list[dict[str, Any]]:
    """Return a list that fills with the requests for generations."""
    sent: list[dict[str, Any]] = []

    def keep(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/generations"):
            sent.append(dict(request.post_data_json or {}))

    page.on("request", keep)
    return sent


def render(page: Page) -> None:
    page.get_by_role("radio", name="360p").check()
    page.get_by_role("radio", name="4 s", exact=True).check()
    with page.expect_response(lambda reply: reply.url.endswith("/api/v1/generations")):
        page.get_by_role("button", name="Render").click()


def test_what_is_understood_appears_while_one_types(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).press_sequentially(
        "a woman in a forest, rain, static shot"
    )
    chips = page.get_by_role("region", name="Shot plan")
    expect(chips.get_by_role("button", name="a woman")).to_be_visible()
    expect(chips.get_by_role("combobox", name="Place")).to_have_value("forest")
    expect(chips.get_by_role("button", name="Remove rain")).to_be_visible()
    expect(chips.get_by_role("combobox", name="Camera", exact=True)).to_have_value("static")
    page.get_by_label("Prompt", exact=True).fill("")
    expect(chips).to_be_hidden()


def test_what_is_not_shown_is_grey_with_its_reason(open_page: Open) -> None:
    page = open_page().page
    chips = typed(page, "a dog and a zorblatt on a beach")
    missing = chips.get_by_role("button", name="zorblatt is not shown")
    expect(missing).to_have_class("chip off")
    reason = str(missing.get_attribute("title"))
    expect(chips.get_by_text(reason)).to_be_hidden()
    missing.click()
    expect(chips.get_by_text(reason)).to_be_visible()
    assert violations(page) == []


def test_a_model_without_plans_has_no_chips(open_page: Open) -> None:
    page = open_page("docs").page

    def without(route: Any) -> None:
        reported = route.fetch().json()
        for model in reported["models"]:
            model["capabilities"]["shot_plans"] = False
        route.fulfill(json=reported)

    page.route("**/api/v1/models", without)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(page.url.removesuffix("docs"))
    page.clock.install()
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.clock.run_for(2000)
    expect(page.get_by_role("region", name="Shot plan")).to_be_hidden()
    assert not [url for url in requested if "/plans" in url]


def test_the_edited_plan_is_what_is_rendered(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page)
    chips.get_by_role("combobox", name="Place").select_option("beach")
    chips.get_by_role("combobox", name="Time").select_option("sunset")
    page.get_by_role("button", name="Add a subject").click()
    drawer = page.get_by_role("dialog", name="Add a subject")
    drawer.get_by_label("Search by name").fill("eagle")
    drawer.get_by_role("button", name="eagle", exact=True).click()
    drawn(page)
    expect(member(page, "eagle")).to_have_attribute("aria-pressed", "true")
    picture(page, "plan-edited")
    render(page)
    plan = sent[0]["plan"]
    assert (plan["set"], plan["time"]) == ("beach", "sunset")
    assert [(one["subject"], one["plane"]) for one in plan["cast"]][-1] == ("eagle", "sky")
    assert isinstance(sent[0]["seed"], int)
    page.wait_for_selector(".frame video", timeout=60_000)
    page.get_by_role("button", name="Edit plan").click()
    expect(chips.get_by_role("combobox", name="Place")).to_have_value("beach")


def test_the_selected_subject_has_fields(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page, "a chef, a horse and a dog in a meadow")
    chips.get_by_role("button", name="a dog").click()
    fields = chips.get_by_role("group", name="Selected subject")
    fields.get_by_label("How many").fill("3")
    fields.get_by_label("Action").select_option("run")
    fields.get_by_label("Faces").select_option("left")
    fields.get_by_label("Colour").fill("#cc2233")
    expect(fields.get_by_label("Is on").locator("option")).to_have_text(
        ["nothing", "a chef", "a horse"]
    )
    fields.get_by_label("Is on").select_option("a horse")
    drawn(page)
    picture(page, "plan-fields")
    assert violations(page) == []
    chips.get_by_role("button", name="a horse").click()
    expect(fields.get_by_label("Is on").locator("option")).to_have_text(["nothing", "a chef"])
    fields.get_by_label("Where").select_option("far away")
    chips.get_by_role("combobox", name="Colours").select_option("golden")
    chips.get_by_role("combobox", name="Pace").select_option("slow")
    render(page)
    plan = sent[0]["plan"]
    cast = {one["subject"]: one for one in plan["cast"]}
    dog, horse = cast["dog"], cast["horse"]
    assert (dog["count"], dog["action"], dog["facing"]) == (3, "run", "left")
    assert (dog["colour"], plan["cast"][dog["on"]]) == ("#cc2233", horse)
    assert (horse["plane"], plan["palette"], plan["pace"]) == ("background", "golden", 0.5)
    page.get_by_role("button", name="Cancel").click()


def test_a_number_that_is_none_is_explained_and_holds_the_render_back(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page)
    chips.get_by_role("button", name="a dog").click()
    fields = chips.get_by_role("group", name="Selected subject")
    many, height = fields.get_by_label("How many"), fields.get_by_label("Height in metres")
    for wrong in ("0", "201", "1.5", ""):
        many.fill(wrong)
        many.press("Enter")
        expect(fields.get_by_role("alert")).to_have_text("Enter a whole number from 1 to 200.")
    many.fill("2")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(many).to_have_value("1")
    for wrong in ("0", "-1", "10001"):
        height.fill(wrong)
        expect(height).to_have_accessible_description(
            "Enter a height from 0.001 to 10,000 metres, or nothing for the usual one."
        )
    many.focus()
    page.get_by_role("button", name="Render").click()
    expect(height).to_be_focused()
    assert violations(page) == []
    assert not sent
    fields.get_by_role("button", name="usual").click()
    expect(height).to_have_accessible_description("Height in metres")
    render(page)
    assert "plan" not in sent[0]
    page.get_by_role("button", name="Cancel").click()


def test_a_subject_has_the_height_that_is_given_and_else_its_usual_one(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page)
    chips.get_by_role("button", name="a dog").click()
    tall = "parseFloat(document.querySelectorAll('.member')[1].style.height)"
    before = page.evaluate(tall)
    height = chips.get_by_label("Height in metres")
    expect(height).to_have_value("0.6")
    usual = chips.get_by_role("button", name="usual")
    expect(usual).to_have_attribute("aria-pressed", "true")
    height.fill("1")
    expect(usual).to_have_attribute("aria-pressed", "false")
    until(page, f"{tall} > {before} * 1.5")
    height.press("ArrowUp")
    expect(height).to_have_value("1.1")
    height.fill("")
    expect(usual).to_have_attribute("aria-pressed", "true")
    expect(height).to_have_attribute("placeholder", "0.6")
    until(page, f"Math.abs({tall} - {before}) < 1")
    height.fill("0.8")
    render(page)
    assert [one["height_m"] for one in sent[0]["plan"]["cast"]] == [None, 0.8]
    page.get_by_role("button", name="Cancel").click()


TIMED = "a red car on a desert road, camera pans left then zooms in"


def times(page: Page, move: str) -> tuple[Locator, Locator]:
    """Return the fields for the start and the end of a move."""
    start = page.get_by_label(f"{move}: start in seconds")
    return start, page.get_by_label(f"{move}: end in seconds")


def test_the_times_of_camera_moves_are_edited_by_keys_and_rendered(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    page.get_by_role("radio", name="4 s", exact=True).check()
    typed(page, TIMED)
    start, end = times(page, "pan left")
    expect(end).to_have_value("2")
    end.fill("1.5")
    end.press("ArrowUp")
    expect(end).to_have_value("1.6")
    start, end = times(page, "push in")
    start.fill("1")
    end.fill("3.4")
    page.get_by_role("button", name="Undo").click()
    expect(end).to_have_value("4")
    page.get_by_role("button", name="Redo").click()
    picture(page, "plan-camera")
    assert violations(page) == []
    with page.expect_response(lambda reply: reply.url.endswith("/api/v1/generations")) as made:
        render(page)
    moves = [("pan_left", 0, 0.4), ("push_in", 0.25, 0.85)]
    for plan in (sent[0]["plan"], made.value.json()["request"]["plan"]):
        assert [(one["move"], one["start"], one["end"]) for one in plan["camera"]] == moves
    summary = page.get_by_role("region", name="What it shows")
    expect(summary.get_by_text("push in, 1 to 3.4 s")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()


def test_times_that_cannot_be_are_explained_and_hold_the_render_back(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    page.get_by_role("radio", name="4 s", exact=True).check()
    chips = typed(page, TIMED)
    start, end = times(page, "pan left")
    for wrong in ("5", "-1", ""):
        end.fill(wrong)
        expect(end).to_have_accessible_description("Enter a time from 0 to 4 s.")
    start.fill("3")
    end.fill("3")
    expect(end).to_have_accessible_description("The end must be after the start, 3 s.")
    page.get_by_role("button", name="Render").click()
    expect(end).to_be_focused()
    assert violations(page) == []
    assert not sent
    end.fill("3.5")
    expect(chips.get_by_role("alert").filter(has_text="The end")).to_have_count(0)
    page.get_by_role("radio", name="8 s", exact=True).check()
    expect(start).to_have_value("6")
    page.get_by_role("radio", name="Image").check()
    expect(page.get_by_label("pan left: end in percent")).to_have_value("87.5")


def test_a_plan_has_as_many_camera_moves_as_the_server_takes(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page, TIMED)
    for _ in range(10):
        chips.get_by_role("combobox", name="Another camera move").select_option("orbit_left")
    expect(chips.get_by_role("group", name="Camera move: ")).to_have_count(12)
    expect(chips.get_by_role("combobox", name="Another camera move")).to_be_disabled()
    render(page)
    assert len(sent[0]["plan"]["camera"]) == 12
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Edit plan").click()
    lane = chips.get_by_role("group", name="Camera move: pan left")
    lane.get_by_role("combobox", name="Camera", exact=True).select_option("remove this move")
    expect(lane).to_have_count(0)
    expect(chips.get_by_role("combobox", name="Another camera move")).to_be_enabled()


def drag_by_mouse(page: Page, x: float, y: float, across: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y, steps=3)
    page.mouse.up()


def drag_by_touch(page: Page, x: float, y: float, across: float) -> None:
    protocol = page.context.new_cdp_session(page)
    for kind, share in (("touchStart", 0.0), ("touchMove", 0.5), ("touchMove", 1.0)):
        points = [{"x": x + across * share, "y": y}]
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    protocol.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    protocol.detach()


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_times_of_a_camera_move_are_dragged(open_page: Open, size: str) -> None:
    page = open_page(size=size, has_touch=size == "phone").page
    page.get_by_role("radio", name="4 s", exact=True).check()
    typed(page, TIMED)
    start, end = times(page, "pan left")
    lane = page.get_by_role("group", name="Camera move: pan left")
    track = lane.locator(".time-track")

    def drag(part: str, seconds: float) -> None:
        box = lane.locator(part).bounding_box()
        assert box is not None
        across = float(track.evaluate("(one) => one.clientWidth")) * seconds / 4
        by = drag_by_touch if size == "phone" else drag_by_mouse
        by(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, across)

    track.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    drag("[data-end=end]", -1)
    expect(end).to_have_value("1")
    drag(".time-bar", 2)
    expect(start).to_have_value("2")
    expect(end).to_have_value("3")
    drag("[data-end=start]", 4)
    expect(start).to_have_value("2.9")
    page.get_by_role("button", name="Undo").click()
    expect(start).to_have_value("2")
    picture(page, f"plan-camera-{size}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_edits_are_undone_and_made_again(open_page: Open) -> None:
    page = open_page().page
    chips = typed(page)
    place = chips.get_by_role("combobox", name="Place")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    place.select_option("beach")
    member(page, "dog").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Delete")
    expect(member(page, "dog")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(member(page, "dog")).to_have_count(1)
    undo.click()
    undo.click()
    expect(place).to_have_value("kitchen")
    expect(undo).to_be_disabled()
    expect(page.get_by_role("button", name="Redo")).to_be_focused()
    expect(page.get_by_role("button", name="Reset to the prompt")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(place).to_have_value("beach")
    chips.get_by_role("button", name="Reset to the prompt").click()
    expect(place).to_have_value("kitchen")
    undo.click()
    expect(place).to_have_value("beach")
    area = page.get_by_label("Prompt", exact=True)
    area.press_sequentially("x")
    area.press("Control+z")
    expect(place).to_have_value("beach")


def drawer_of(page: Page) -> Locator:
    page.get_by_role("button", name="Add a subject").click()
    drawer = page.get_by_role("dialog", name="Add a subject")
    expect(drawer).to_be_visible()
    return drawer


def test_the_drawer_has_pictures_by_kind_and_is_led_through_by_keys(open_page: Open) -> None:
    page = open_page().page
    typed(page)
    drawer = drawer_of(page)
    drawer.get_by_role("button", name="Vehicles").click()
    expect(drawer.get_by_role("button", name="fire engine", exact=True)).to_be_attached()
    expect(drawer.get_by_role("button", name="dog", exact=True)).to_have_count(0)
    until(
        page,
        "[...document.querySelectorAll('.subject-picture')].slice(0, 8)"
        ".every((one) => one.style.backgroundImage.startsWith('url(\"blob:'))",
    )
    picture(page, "plan-drawer")
    assert violations(page) == []
    first, second = drawer.locator(".subject").nth(0), drawer.locator(".subject").nth(1)
    drawer.get_by_label("Search by name").press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    name = second.inner_text()
    page.keyboard.press("Enter")
    expect(drawer).to_be_hidden()
    expect(member(page, name)).to_have_attribute("aria-pressed", "true")


def test_the_drawer_finds_words_of_other_languages(open_page: Open) -> None:
    page = open_page().page
    typed(page)
    drawer = drawer_of(page)
    drawer.get_by_label("Search by name").fill("Hund")
    expect(drawer.locator(".subject")).to_have_text(["dog", "dachshund"])
    drawer.get_by_label("Search by name").fill("qwrtz")
    expect(drawer.get_by_text("No subjects")).to_be_visible()


def test_another_subject_is_drawn_in_the_place_of_one(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page)
    chips.get_by_role("button", name="a dog").click()
    chips.get_by_role("button", name="Drawn as dog").click()
    drawer = page.get_by_role("dialog", name="Draw another subject")
    drawer.get_by_label("Search by name").fill("wolf")
    drawer.get_by_role("button", name="wolf", exact=True).click()
    expect(chips.get_by_role("button", name="Drawn as wolf")).to_be_visible()
    drawn(page)
    render(page)
    assert [one["subject"] for one in sent[0]["plan"]["cast"]] == ["cook", "wolf"]
    page.get_by_role("button", name="Cancel").click()


def test_a_prompt_alone_is_rendered_without_a_plan(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    chips = typed(page)
    chips.get_by_role("combobox", name="Place").select_option("beach")
    chips.get_by_role("button", name="Reset to the prompt").click()
    expect(chips.get_by_role("combobox", name="Place")).to_have_value("kitchen")
    render(page)
    assert "plan" not in sent[0]
    expect(page.locator(".frame .preview")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()


def test_the_frame_that_is_drawn_is_seen_while_it_renders(open_page: Open) -> None:
    page = open_page().page
    typed(page)
    page.get_by_role("radio", name="1080p").check()
    page.get_by_role("radio", name="12 s").check()
    with page.expect_response(lambda reply: "preview" in reply.url and reply.ok, timeout=60_000):
        page.get_by_role("button", name="Render").click()
    preview = page.locator(".frame .preview")
    expect(preview).to_be_visible()
    expect(page.locator(".strip .clip .preview").first).to_be_visible()
    picture(page, "plan-rendering")
    first = preview.get_attribute("src")
    expect(preview).not_to_have_attribute("src", str(first))
    page.goto(page.url.partition("#")[0] + "#/gallery")
    expect(page.locator(".sheet .clip .preview").first).to_be_visible()
    picture(page, "gallery-rendering")
    page.go_back()
    page.get_by_role("button", name="Cancel").click()


def test_a_subject_is_edited_by_keys(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    typed(page)
    dog = member(page, "dog")
    dog.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("+")
    page.keyboard.press("f")
    expect(dog).to_be_focused()
    expect(dog).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".plan-view").get_by_role("status")).to_have_text("Facing left")
    drawn(page)
    member(page, "chef").focus()
    page.keyboard.press("Delete")
    expect(member(page, "chef")).to_have_count(0)
    assert violations(page) == []
    render(page)
    (left,) = sent[0]["plan"]["cast"]
    assert (left["subject"], left["facing"], left["scale"]) == ("dog", "left", pytest.approx(1.1))
    assert left["x"] is not None
    page.get_by_role("button", name="Cancel").click()


def test_a_subject_is_dragged_and_scaled_by_pointer(open_page: Open) -> None:
    page = open_page().page
    sent = creates(page)
    typed(page)
    dog = member(page, "dog")
    before = dog.bounding_box()
    assert before is not None
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 10, steps=4)
    page.mouse.move(x - 120, y - 10, steps=4)
    page.mouse.up()
    drawn(page)
    grip = dog.locator(".member-grip").bounding_box()
    assert grip is not None
    page.mouse.move(grip["x"] + 6, grip["y"] + 6)
    page.mouse.down()
    page.mouse.move(grip["x"] + 46, grip["y"] + 6, steps=4)
    page.mouse.up()
    frame = page.locator(".plan-view").bounding_box()
    assert frame is not None
    render(page)
    moved = next(one for one in sent[0]["plan"]["cast"] if one["subject"] == "dog")
    middle = (before["x"] + before["width"] / 2 - frame["x"]) / frame["width"]
    assert moved["x"] == pytest.approx(middle - 120 / frame["width"], abs=0.06)
    assert moved["scale"] > 1.05
    page.get_by_role("button", name="Cancel").click()


def test_a_phone_edits_by_touch(open_page: Open) -> None:
    page = open_page(size="phone", has_touch=True).page
    typed(page)
    member(page, "dog").tap()
    expect(member(page, "dog")).to_have_attribute("aria-pressed", "true")
    tools = page.get_by_role("group", name="Selected subject")
    tools.get_by_role("button", name="Larger").tap()
    tools.get_by_role("button", name="Flip").tap()
    drawn(page)
    page.evaluate("scrollTo(0, 0)")
    before = member(page, "dog").bounding_box()
    assert before is not None
    middle = before["x"] + before["width"] / 2
    drag_by_touch(page, middle, before["y"] + before["height"] / 2, -80)
    drawn(page)
    after = member(page, "dog").bounding_box()
    assert after is not None
    assert after["x"] + after["width"] / 2 == pytest.approx(middle - 80, abs=12)
    picture(page, "plan-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    tools.get_by_role("button", name="Remove").tap()
    expect(member(page, "dog")).to_have_count(0)


def test_the_code_has_the_edited_plan_where_the_api_takes_one(open_page: Open) -> None:
    page = open_page().page
    chips = typed(page)
    chips.get_by_role("combobox", name="Place").select_option("beach")
    page.get_by_role("button", name="Show the code").click()
    code = page.get_by_role("dialog").locator("pre")
    expect(code).to_contain_text('"plan": {')
    page.get_by_role("button", name="Dream Machine").click()
    expect(code).not_to_contain_text('"plan"')
    expect(page.get_by_role("dialog").get_by_text("an edited plan")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_edit_a_plan(open_page: Open, theme: str) -> None:
    page = open_page(theme=theme).page
    typed(page, "a woman in a red veil walks through a windy forest with a zorblatt, static shot")
    page.locator(".member").first.click()
    for size in ("wide", "middle"):
        width, height = WIDTHS[size]
        page.set_viewport_size({"width": width, "height": height})
        picture(page, f"plan-{size}-{theme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []


def test_an_older_plan_does_not_take_the_place_of_a_newer(open_page: Open) -> None:
    page = open_page().page
    late: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if "a dog" in route.request.post_data and not late:
            late.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/plans", hold_the_first)
    area = page.get_by_label("Prompt", exact=True)
    with page.expect_request("**/api/v1/plans"):
        area.fill("a dog")
    area.fill("a cat on a beach")
    chips = page.get_by_role("region", name="Shot plan")
    expect(chips.get_by_role("button", name="a cat")).to_be_visible()
    late[0].continue_()
    drawn(page)
    expect(chips.get_by_role("button", name="a dog")).to_have_count(0)


def test_a_server_that_is_restarted_is_asked_again(open_page: Open) -> None:
    shown = open_page()
    shown.expected = {"net::ERR_CONNECTION_REFUSED"}
    page = shown.page
    typed(page, "a dog")
    page.route("**/api/v1/plans**", lambda route: route.abort("connectionrefused"))
    page.get_by_label("Prompt", exact=True).fill("a cat")
    chips = page.get_by_role("region", name="Shot plan")
    expect(chips.get_by_text("The server cannot be reached")).to_be_visible()
    expect(chips.get_by_role("button", name="a dog")).to_be_visible()
    page.unroute("**/api/v1/plans**")
    expect(chips.get_by_role("button", name="a cat")).to_be_visible()
    expect(chips.get_by_text("The server cannot be reached")).to_be_hidden()
    drawn(page)


def test_a_key_that_is_lost_is_asked_for_and_the_plan_goes_on(
    open_page: Open, server: Serving
) -> None:
    shown = open_page()
    shown.expected = {"status of 401"}
    page = shown.page
    chips = typed(page, "a dog")
    chips.get_by_role("combobox", name="Place").select_option("beach")
    drawn(page)
    page.evaluate("sessionStorage.clear()")
    chips.get_by_role("combobox", name="Time").select_option("night")
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_label("key").fill(str(server.key))
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()
    drawn(page)
    expect(chips.get_by_role("combobox", name="Place")).to_have_value("beach")
    expect(chips.get_by_role("combobox", name="Time")).to_have_value("night")


def test_two_tabs_have_a_draft_each(open_page: Open) -> None:
    one, other = open_page().page, open_page().page
    chips = typed(one, "a dog")
    typed(other, "a cat")
    chips.get_by_role("combobox", name="Place").select_option("beach")
    drawn(one)
    others = other.get_by_role("region", name="Shot plan")
    expect(others.get_by_role("button", name="a cat")).to_be_visible()
    expect(other.get_by_role("button", name="Undo")).to_be_disabled()


def test_the_plan_is_seen_while_it_is_drawn_and_can_be_edited_then(open_page: Open) -> None:
    page = open_page().page
    chips = typed(page, "a dog and a zorblatt on a beach")
    page.get_by_role("radio", name="1080p").check()
    page.get_by_role("radio", name="12 s").check()
    page.get_by_role("button", name="Render").click()
    summary = page.get_by_role("region", name="What it shows")
    expect(summary.get_by_text("a dog", exact=True)).to_be_visible()
    expect(summary).to_contain_text("Not shown: zorblatt.")
    expect(chips).to_be_hidden()
    picture(page, "plan-of-table")
    assert violations(page) == []
    page.get_by_role("link", name="Details").click()
    expect(page.get_by_role("region", name="What it shows")).to_be_visible()
    expect(page.get_by_text("Planned")).to_be_visible()
    page.get_by_role("button", name="Edit plan").click()
    expect(chips.get_by_role("combobox", name="Place")).to_have_value("beach")
    drawn(page)
    page.locator(".strip .clip").first.click()
    page.get_by_role("button", name="Cancel").click()


def test_a_subject_that_is_turned_leaves_the_others(open_page: Open) -> None:
    page = open_page().page
    typed(page, "a chef, a dog and a cat in a kitchen")
    where = "[...document.querySelectorAll('.member')].map((one) => Math.round(parseFloat(one.style.left) + parseFloat(one.style.width) / 2))"
    before = page.evaluate(where)
    member(page, "chef").focus()
    with page.expect_response("**/api/v1/plans/frame"):
        page.keyboard.press("f")
    expect(page.get_by_role("button", name="a chef, facing left")).to_be_visible()
    drawn(page)
    assert page.evaluate(where)[1:] == pytest.approx(before[1:], abs=2)


def test_a_dialog_closes_with_the_view_that_opened_it(open_page: Open) -> None:
    page = open_page().page
    typed(page)
    drawer = drawer_of(page)
    page.goto(page.url.partition("#")[0] + "#/gallery")
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    expect(drawer).to_be_hidden()
