"""Parameters are completed with defaults and refused with a sentence that says what is right."""

from typing import Any

import pytest

from annotator.core.parameters import Parameter, ParameterError, clean_parameters

PARAMETERS = (
    Parameter("margin", "Margin", "How much.", "number", 0.5, minimum=0, maximum=1),
    Parameter("rounds", "Rounds", "How often.", "integer", 3, minimum=1, maximum=10),
    Parameter("fast", "Fast", "Whether.", "boolean", False),
    Parameter("mode", "Mode", "Which.", "choice", "a", choices=("a", "b")),
)


def test_what_is_not_given_has_its_default() -> None:
    assert clean_parameters(PARAMETERS, {}) == {"margin": 0.5, "rounds": 3, "fast": False, "mode": "a"}


def test_what_is_given_is_kept_in_its_type() -> None:
    cleaned = clean_parameters(PARAMETERS, {"margin": 1, "rounds": 4.0, "fast": True, "mode": "b"})

    assert cleaned == {"margin": 1.0, "rounds": 4, "fast": True, "mode": "b"}
    assert isinstance(cleaned["rounds"], int)
    assert isinstance(cleaned["margin"], float)


@pytest.mark.parametrize(
    ("given", "key", "message"),
    [
        ({"speed": 1}, "speed", "There is no parameter 'speed' here. Known: margin, rounds, fast, mode."),
        ({"margin": "1"}, "margin", "Margin must be a number, not '1'."),
        ({"margin": True}, "margin", "Margin must be a number, not True."),
        ({"margin": float("nan")}, "margin", "Margin must be a number, not nan."),
        ({"margin": 1.5}, "margin", "Margin must lie between 0 and 1, not 1.5."),
        ({"rounds": 2.5}, "rounds", "Rounds must be a whole number, not 2.5."),
        ({"rounds": 0}, "rounds", "Rounds must lie between 1 and 10, not 0."),
        ({"rounds": None}, "rounds", "Rounds must be a whole number, not None."),
        ({"fast": 1}, "fast", "Fast must be true or false, not 1."),
        ({"mode": "c"}, "mode", "Mode must be one of a, b, not 'c'."),
        ({"mode": []}, "mode", "Mode must be one of a, b, not []."),
    ],
)
def test_what_is_wrong_is_refused(given: dict[str, Any], key: str, message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        clean_parameters(PARAMETERS, given)

    assert (caught.value.key, str(caught.value)) == (key, message)


def test_a_method_without_parameters_takes_none() -> None:
    with pytest.raises(ParameterError, match=r"^There is no parameter 'x' here\. Known: none\.$"):
        clean_parameters((), {"x": 1})


def test_a_description_with_a_wrong_default_is_refused() -> None:
    with pytest.raises(ParameterError, match="Margin must lie between 0 and 1, not 2"):
        Parameter("margin", "Margin", "How much.", "number", 2, minimum=0, maximum=1)


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="Parameter 'x' has the unknown type 'colour'"):
        Parameter("x", "X", "", "colour", 1)
