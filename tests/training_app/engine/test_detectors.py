"""Detectors that were brought: real ones find real objects, and a file that is no detector is told so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import orjson
import pytest
from onnx import helper
from PIL import Image

from tests.training_app.engine.onnx_scenes import PHOTOS, REAL, constant_model, needs_shared_data, yolox_answer
from tests.training_app.engine.scenes import Recorder
from training_app.engine.detectors.declaration import DeclarationError, read_declaration
from training_app.engine.detectors.inspect import inspect
from training_app.engine.detectors.onnx_file import check_onnx
from training_app.engine.detectors.placing import placement
from training_app.engine.detectors.predict import detect
from training_app.engine.errors import EngineError
from training_app.engine.job import detect_job, inspect_job

SIZE = (64, 32)
YOLOX = next(iter(REAL))


@pytest.fixture(autouse=True)
def _unbounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are for the child process, not for that of the tests."""
    for module in ("inspect", "predict"):
        monkeypatch.setattr(f"training_app.engine.detectors.{module}.bound_memory", lambda: None)


def inspected(path: Path, **more: Any) -> dict[str, Any]:
    events = Recorder()
    inspect(inspect_job({"model": str(path), **more}), events, events.stop)
    finished: dict[str, Any] = events.named("finished")[0]
    return finished


def detected(path: Path, declaration: dict[str, Any], pictures: list[Path], folder: Path) -> list[dict[str, Any]]:
    events = Recorder()
    images = [{"number": number, "path": str(picture)} for number, picture in enumerate(pictures)]
    output = folder / "out.jsonl"
    job = {"model": str(path), "declaration": declaration, "images": images, "output": str(output)}
    detect(detect_job({**job, "config": {"min_score": 0.4}}), events, events.stop)
    assert events.named("progress")[-1] == {"event": "progress", "done": len(pictures), "total": len(pictures)}
    return [orjson.loads(line) for line in output.read_bytes().splitlines()]


def best(line: dict[str, Any], declaration: dict[str, Any], name: str) -> dict[str, Any] | None:
    rows = [row for row in line["predictions"] if declaration["classes"][row["class_number"] - 1] == name]
    return rows[0] if rows else None


@needs_shared_data
@pytest.mark.parametrize("head", REAL)
def test_real_detector_is_recognised_and_finds_dogs_people_and_cars(head: str, tmp_path: Path) -> None:
    # given
    photos = [PHOTOS / name for name in ("dog.jpg", "dogs.jpg", "truck.jpg")]
    images = [{"number": number, "path": str(path)} for number, path in enumerate(photos)]

    # when
    found = inspected(REAL[head], images=images)["declaration"]
    lines = detected(REAL[head], found, photos, tmp_path)

    # then
    assert (found["head"], len(found["classes"])) == (head, 80)
    dog, person = best(lines[0], found, "dog"), best(lines[0], found, "person")
    assert dog is not None
    assert person is not None
    assert min(dog["score"], person["score"]) > 0.5
    x, y, width, height = dog["shape"]["box"]
    # The dog lies at the left of the table, the woman sits at the right.
    assert x < 60
    assert x + width > 330
    assert y + height > 480
    assert person["shape"]["box"][0] > x + width
    other_dog = best(lines[1], found, "dog")
    assert other_dog is not None
    assert other_dog["score"] > 0.7
    assert best(lines[2], found, "truck") is not None
    assert best(lines[2], found, "car") is not None


@needs_shared_data
def test_pictures_tell_how_a_detector_wants_its_pixels() -> None:
    images = [{"number": 1, "path": str(PHOTOS / "dogs.jpg")}, {"number": 2, "path": str(PHOTOS / "truck.jpg")}]
    found = inspected(REAL[YOLOX], images=images)["declaration"]
    assert (found["channels"], found["scale"], found["mean"]) == ("RGB", 255.0, [0.485, 0.456, 0.406])


def test_boxes_come_back_in_pixels_of_the_picture(tmp_path: Path) -> None:
    # given: an object at the middle of the place (3, 1) of the first grid, in a picture twice as large as the input
    path = constant_model(tmp_path / "m.onnx", yolox_answer(SIZE, 2, (3, 1, 1, (12, 8))))
    Image.new("RGB", (128, 64)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")

    # when
    declaration = inspected(path)["declaration"]
    whole, broken = detected(path, declaration, [tmp_path / "a.png", tmp_path / "b.png"], tmp_path)

    # then
    assert declaration["classes"] == ["class 1", "class 2"]
    (row,) = whole["predictions"]
    assert row["class_number"] == 2
    assert row["score"] == pytest.approx(0.9)
    assert row["shape"]["box"] == pytest.approx([2 * (28 - 6), 2 * (12 - 4), 24, 16], abs=0.01)
    assert broken["predictions"] == []
    assert broken["error"].startswith("The picture b.png cannot be read")


@pytest.mark.parametrize("fit", ["letterbox", "letterbox_centre", "squash"])
@pytest.mark.parametrize("size", [(640, 480), (31, 900), (1, 1)])
def test_each_fit_leads_back_to_the_picture(fit: str, size: tuple[int, int]) -> None:
    where = placement(size, (416, 320), fit)
    box = np.array([[*where.offset, size[0] * where.scale[0], size[1] * where.scale[1]]], dtype=np.float32)
    assert where.lead_back(box)[0] == pytest.approx([0, 0, *size], rel=1e-4, abs=1e-3)


def changed(path: Path, change: Any) -> Path:
    model = onnx.load(path)
    change(model)
    onnx.save(model, path)
    return path


def with_external_data(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[1]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../etc/passwd")


def with_a_loop(model: onnx.ModelProto) -> None:
    body = helper.make_graph([], "body", [], [])
    model.graph.node.append(helper.make_node("Loop", ["a", "b"], ["c"], body=body))


def with_foreign_operator(model: onnx.ModelProto) -> None:
    model.graph.node.append(helper.make_node("Evil", ["found"], ["worse"], domain="com.evil"))


def with_two_inputs(model: onnx.ModelProto) -> None:
    model.graph.input.append(helper.make_tensor_value_info("second", onnx.TensorProto.FLOAT, [1]))


def with_missing_weights(model: onnx.ModelProto) -> None:
    del model.graph.initializer[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_external_data, "its weights lie in another file"),
        (with_a_loop, "the operator Loop, which could run without end"),
        (with_foreign_operator, "the operator Evil is of com.evil"),
        (with_two_inputs, "it has 2 inputs"),
        (with_missing_weights, "onnx.checker says"),
    ],
)
def test_file_that_could_do_harm_is_refused_with_a_sentence(change: Any, words: str, tmp_path: Path) -> None:
    path = changed(constant_model(tmp_path / "m.onnx", yolox_answer(SIZE, 2)), change)
    with pytest.raises(EngineError, match=words) as caught:
        check_onnx(path)
    assert caught.value.code == "bad_model"


@pytest.mark.parametrize("content", [b"", b"MZ" * 100, b"\x08\x07" + b"\xff" * 50])
def test_bytes_that_are_no_network_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(content)
    with pytest.raises(EngineError, match="no ONNX file"):
        check_onnx(tmp_path / "m.onnx")


def test_declaration_says_what_every_wrong_key_must_be() -> None:
    with pytest.raises(DeclarationError) as caught:
        read_declaration(
            {"head": "nothing", "size": [0, 9], "strides": [], "classes": ["a", "a"], "std": [0, 1, 1], "x": 1}
        )
    assert set(caught.value.problems) == {"head", "size", "strides", "classes", "std", "x"}
    assert "must be one of" in caught.value.problems["head"]


def test_declaration_that_does_not_fit_the_network_is_refused(tmp_path: Path) -> None:
    path = constant_model(tmp_path / "m.onnx", yolox_answer(SIZE, 2))
    good = inspected(path)["declaration"]
    assert inspected(path, declaration=good)["declaration"]["head"] == YOLOX
    for change, words in (
        ({"classes": ["one"]}, "it has 2 classes, and the declaration names 1"),
        ({"strides": [8]}, "its outputs are not those of the head"),
        ({"size": [96, 96]}, "onnxruntime says"),
    ):
        with pytest.raises(EngineError, match=words):
            inspected(path, declaration=good | change)
