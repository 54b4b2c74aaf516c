"""Every interactive segmentation method of the catalog keeps the contract; a newcomer is tested without a new test."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotator.core.parameters import clean_parameters
from annotator.core.registry import Entry
from annotator.core.weights.registry import all_weights
from annotator.smart.base import OUTPUTS, Embedding, Picture, Prompt, PromptError, SmartMethod, Stroke, WeightsError
from annotator.smart.catalog import METHODS, get_facts
from annotator.smart.embeddings import EmbeddingCache, EmbeddingKey
from tests.architecture.sources import ROOT

ENTRIES = list(METHODS)
WEIGHTLESS = [entry for entry in ENTRIES if not get_facts(entry.key).weights]
WEIGHTED = [entry for entry in ENTRIES if get_facts(entry.key).weights]

every = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
every_weightless = pytest.mark.parametrize("entry", WEIGHTLESS, ids=lambda entry: entry.key)
every_weighted = pytest.mark.parametrize("entry", WEIGHTED, ids=lambda entry: entry.key)


def test_listing_the_methods_imports_nothing_that_runs_them() -> None:
    program = (
        "import sys, annotator.smart.catalog, annotator.smart.prompts, annotator.smart.embeddings\n"
        "print([name for name in ('torch', 'cv2', 'segment_anything', 'torchvision') if name in sys.modules])"
    )

    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


@every
def test_the_catalog_says_what_the_interface_must_show(entry: Entry) -> None:
    facts = get_facts(entry.key)

    assert entry.title
    assert facts.description.endswith(".")
    assert facts.points or facts.box or facts.strokes
    assert facts.points or not facts.negative_points
    assert facts.outputs
    assert set(facts.outputs) <= set(OUTPUTS)
    assert len({parameter.key for parameter in facts.parameters}) == len(facts.parameters)
    for parameter in facts.parameters:
        assert parameter.title
        assert parameter.help.endswith(".")
        if parameter.type in {"number", "integer"}:
            assert parameter.minimum is not None
            assert parameter.maximum is not None


@every
def test_its_weights_can_be_fetched(entry: Entry) -> None:
    for key in get_facts(entry.key).weights:
        assert entry.title in all_weights()[key].used_by


@every
def test_it_has_the_methods_of_the_contract(entry: Entry) -> None:
    method = METHODS.load(entry.key)

    for name in ("__init__", "embed", "predict"):
        expected = list(inspect.signature(getattr(SmartMethod, name)).parameters)
        assert list(inspect.signature(getattr(method, name)).parameters) == expected


@every_weighted
def test_without_its_weights_it_says_so(entry: Entry, tmp_path: Path) -> None:
    files = dict.fromkeys(get_facts(entry.key).weights, tmp_path / "absent.pth")

    with pytest.raises(WeightsError, match=r"^The weights of .* are not at .*absent.pth: "):
        METHODS.load(entry.key)(files)


@every_weighted
def test_wrong_weights_are_refused(entry: Entry, tmp_path: Path) -> None:
    path = tmp_path / "wrong.pth"
    path.write_bytes(b"these are no weights")

    with pytest.raises(WeightsError, match=r"^wrong.pth is not "):
        METHODS.load(entry.key)(dict.fromkeys(get_facts(entry.key).weights, path))


@pytest.fixture(scope="module")
def scene() -> tuple[Picture, npt.NDArray[np.bool_]]:
    """An ellipse that differs from its surroundings in colour and brightness."""
    rng = np.random.default_rng(4)
    rows, columns = np.mgrid[:180, :260]
    mask = ((columns - 120) / 60) ** 2 + ((rows - 90) / 40) ** 2 < 1
    picture = rng.integers(0, 30, (180, 260, 3), dtype=np.uint8) + np.uint8(40)
    picture[mask] = rng.integers(190, 230, (int(mask.sum()), 3), dtype=np.uint8)
    picture.setflags(write=False)
    return picture, mask


def prompts(entry: Entry) -> list[Prompt]:
    """One of each kind that the method says it takes, all around or on the ellipse."""
    facts = get_facts(entry.key)
    box, click, counter_click = (55.0, 45.0, 130.0, 90.0), (120.0, 90.0, 1), (10.0, 10.0, -1)
    found = []
    if facts.box:
        found.append(Prompt((), box))
    if facts.points:
        found.append(Prompt((click,)))
    if facts.negative_points:
        found.append(Prompt((click, counter_click)))
    if facts.box and facts.negative_points:
        found.append(Prompt((click, counter_click), box))
    if facts.strokes:
        on, beside = ((90.0, 90.0), (150.0, 92.0)), ((20.0, 20.0), (20.0, 160.0), (240.0, 160.0))
        both = (Stroke(on, 12.0, 1), Stroke(beside, 8.0, -1))
        found += [Prompt((), None, both), *([Prompt((), box, both)] if facts.box else [])]
    return found


@every_weightless
def test_it_answers_each_kind_of_prompt_that_it_takes(
    entry: Entry, scene: tuple[Picture, npt.NDArray[np.bool_]]
) -> None:
    picture, truth = scene
    method = METHODS.load(entry.key)({})
    embedding = method.embed(picture)
    parameters = clean_parameters(get_facts(entry.key).parameters, {})

    for prompt in prompts(entry):
        candidates = method.predict(picture, embedding, prompt, parameters)

        assert candidates
        scores = [candidate.score for candidate in candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0.0 <= score <= 1.0 for score in scores)
        for candidate in candidates:
            assert candidate.mask.shape == picture.shape[:2]
            assert candidate.mask.dtype == np.bool_
            assert candidate.mask.any()
        if "mask" not in get_facts(entry.key).outputs:  # a box is no outline
            continue
        best = candidates[0].mask
        assert (best & truth).sum() / (best | truth).sum() > 0.9


@every_weightless
def test_it_answers_the_same_from_an_embedding_that_was_stored(
    entry: Entry, scene: tuple[Picture, npt.NDArray[np.bool_]], tmp_path: Path
) -> None:
    # given
    picture, _ = scene
    method = METHODS.load(entry.key)({})
    parameters = clean_parameters(get_facts(entry.key).parameters, {})
    key = EmbeddingKey(entry.key, "0" * 64)
    kept = EmbeddingCache(tmp_path, memory_bytes=1, disk_bytes=1 << 30).put(key, method.embed(picture))
    found = EmbeddingCache(tmp_path, memory_bytes=1, disk_bytes=1 << 30).get(key)

    # then
    assert found is not None
    for prompt in prompts(entry):
        first = method.predict(picture, kept, prompt, parameters)
        second = method.predict(picture, found, prompt, parameters)
        assert [one.score for one in first] == [one.score for one in second]
        assert all(np.array_equal(one.mask, two.mask) for one, two in zip(first, second, strict=True))


@every_weightless
def test_embeds_says_whether_there_is_a_slow_part(entry: Entry, scene: tuple[Picture, npt.NDArray[np.bool_]]) -> None:
    embedding: Embedding = METHODS.load(entry.key)({}).embed(scene[0])

    assert bool(embedding) == get_facts(entry.key).embeds


@every_weightless
def test_a_prompt_without_object_is_refused_with_a_sentence(
    entry: Entry, scene: tuple[Picture, npt.NDArray[np.bool_]]
) -> None:
    method = METHODS.load(entry.key)({})
    parameters = clean_parameters(get_facts(entry.key).parameters, {})

    with pytest.raises(PromptError, match=r"\.$"):
        method.predict(scene[0], method.embed(scene[0]), Prompt(), parameters)
