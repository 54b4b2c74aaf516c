"""A prompt outside the picture, or of a kind that the method does not take, is refused with a sentence."""

import pytest

from annotator.smart.base import MethodFacts, Prompt, PromptError, Stroke
from annotator.smart.prompts import check_prompt, make_prompt

ALL = MethodFacts("", points=True, negative_points=True, box=True, strokes=True)
NAN = float("nan")


def check(prompt: Prompt, facts: MethodFacts = ALL) -> Prompt:
    return check_prompt(prompt, facts, title="The method", width=200, height=100)


def refusal(prompt: Prompt, facts: MethodFacts = ALL) -> str:
    with pytest.raises(PromptError) as caught:
        check(prompt, facts)
    return str(caught.value)


def test_a_right_prompt_stays_as_it_is() -> None:
    prompt = make_prompt([[0, 0, 1], [200, 100, -1]], [10, 10, 50, 50])

    assert check(prompt) == prompt == Prompt(((0.0, 0.0, 1), (200.0, 100.0, -1)), (10.0, 10.0, 50.0, 50.0))


def test_a_box_is_cut_at_the_edge_of_the_picture() -> None:
    assert check(Prompt((), (-10.0, -10.0, 500.0, 60.0))).box == (0.0, 0.0, 200.0, 50.0)


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        (Prompt(), "The method needs a box around the object or a click on it."),
        (Prompt(((5, 5, -1),)), "The method needs a box around the object or a click on it."),
        (Prompt(((5, 5, 1), (201, 5, 1))), "Point 2 at (201, 5) lies outside the picture of 200 x 100 pixels."),
        (Prompt(((-0.5, 5, 1),)), "Point 1 at (-0.5, 5) lies outside the picture of 200 x 100 pixels."),
        (Prompt(((NAN, 5, 1),)), "Point 1 at (nan, 5) lies outside the picture of 200 x 100 pixels."),
        (Prompt((), (NAN, 0, 5, 5)), "The box must hold four numbers."),
        (Prompt((), (0, 0, float("inf"), 5)), "The box must hold four numbers."),
        (
            Prompt((), (10, 10, 0, 30)),
            "The box [10, 10, 0, 30] covers less than 2 x 2 pixels of the picture of 200 x 100: "
            "draw it around the object.",
        ),
        (
            Prompt((), (10, 10, -30, 30)),
            "The box [10, 10, -30, 30] covers less than 2 x 2 pixels of the picture of 200 x 100: "
            "draw it around the object.",
        ),
        (
            Prompt((), (300, 10, 30, 30)),
            "The box [300, 10, 30, 30] covers less than 2 x 2 pixels of the picture of 200 x 100: "
            "draw it around the object.",
        ),
    ],
)
def test_what_cannot_be_on_the_picture_is_refused(prompt: Prompt, message: str) -> None:
    assert refusal(prompt) == message


def test_what_the_method_does_not_take_is_refused() -> None:
    only_box, only_points = MethodFacts("", box=True), MethodFacts("", points=True)

    assert refusal(Prompt((), (0, 0, 9, 9)), only_points) == "The method takes no box: click on the object."
    assert refusal(Prompt(((5, 5, 1),)), only_box) == "The method takes no points: draw a box around the object."
    assert refusal(Prompt(((5, 5, -1),)), only_points) == (
        "The method takes no points that do not belong to the object."
    )
    assert refusal(Prompt(), only_box) == "The method needs a box around the object."
    assert refusal(Prompt(), only_points) == "The method needs a click on the object."


@pytest.mark.parametrize("point", [[1, 2], [1, 2, 0], [1, 2, 5], [1, 2, 3, 1], [1, 2, 0.5]])
def test_a_point_must_have_two_places_and_a_sign(point: list[float]) -> None:
    with pytest.raises(PromptError) as caught:
        make_prompt([[5, 5, 1], point], None)

    assert str(caught.value) == (
        "Point 2 must be [x, y, sign] with the sign 1 (belongs to the object) or -1 (does not)."
    )


def test_a_box_must_have_four_numbers() -> None:
    with pytest.raises(PromptError, match=r"^The box must be \[x, y, width, height\]\.$"):
        make_prompt([], [1, 2, 3])


def test_points_are_bounded() -> None:
    with pytest.raises(PromptError, match=r"^A prompt may hold 200 points, not 201: draw a box instead\.$"):
        make_prompt([[1, 1, 1]] * 201, None)


STROKE = {"points": [[1, 2], [30, 40]], "width": 6, "sign": -1}


def test_strokes_count_as_what_they_lie_on() -> None:
    prompt = check(make_prompt([[5, 5, 1]], None, [STROKE, {**STROKE, "sign": 1, "points": [[9, 9]]}]))

    assert prompt.strokes[0] == Stroke(((1.0, 2.0), (30.0, 40.0)), 6.0, -1)
    assert prompt.positive == ((5.0, 5.0), (9.0, 9.0))
    assert prompt.negative == ((1.0, 2.0), (30.0, 40.0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": []}, "Stroke 1 must hold points [x, y], at least one."),
        ({"points": [[1, 2, 3]]}, "Stroke 1 must hold points [x, y], at least one."),
        ({"width": 0}, "Stroke 1 must be wider than 0 and at most 1000 pixels wide."),
        ({"width": NAN}, "Stroke 1 must be wider than 0 and at most 1000 pixels wide."),
        ({"width": 1001}, "Stroke 1 must be wider than 0 and at most 1000 pixels wide."),
        ({"sign": 2}, "Stroke 1 must have the sign 1 (belongs to the object) or -1 (does not)."),
        ({"points": [[1, 2]] * 2001}, "A prompt may hold 200 strokes with 2000 points in all."),
        (
            {"points": [[1, 2], [201, 2]]},
            "Stroke 1 goes through (201, 2), outside the picture of 200 x 100 pixels.",
        ),
        ({"points": [[NAN, 2]]}, "Stroke 1 goes through (nan, 2), outside the picture of 200 x 100 pixels."),
    ],
)
def test_a_stroke_that_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(PromptError) as caught:
        check(make_prompt([[5, 5, 1]], None, [{**STROKE, **change}]))

    assert str(caught.value) == message


def test_a_method_without_strokes_says_so() -> None:
    assert refusal(make_prompt([], None, [STROKE]), MethodFacts("", points=True)) == (
        "The method takes no strokes: click on the object."
    )


def test_strokes_beside_are_no_points_beside() -> None:
    only_strokes = MethodFacts("", strokes=True)
    prompt = make_prompt([], None, [STROKE, {**STROKE, "sign": 1}])

    assert check(prompt, only_strokes) == prompt
    assert refusal(Prompt(), only_strokes) == "The method needs strokes on the objects and beside them."
    assert refusal(make_prompt([], None, [STROKE]), only_strokes) == (
        "The method needs strokes on the objects and beside them."
    )
