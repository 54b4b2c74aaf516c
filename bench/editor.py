"""Figures of the editor core in a real browser: polygons of 20 to 60 vertices at 1600 x 900, masks, brush strokes.

Where the browser has no GPU every pixel is drawn by the CPU, and the line says so (`raster`). A frame is therefore
given whole, from repaint to repaint, beside the part in the editor's own code (`script`, what a machine with a GPU
would wait for) and the main thread's processor time (`cpu`, in which other programs do not count). Everything is
measured several times, and the quietest run counts; `load` is the machine's.
"""

import functools
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import _editor_screen
from bench._chromium import chromium, circumstances, processor_time_expose
from bench.harness import Measurement, Unavailable, benchmark

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
FRAME = 1000 / 60
RUNS = 3
LARGE = {"width": 8000, "height": 6000}

Figures = dict[str, Any]


@functools.cache
def _script() -> Path:
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    if not vite.exists():
        raise Unavailable("frontend/node_modules is missing; run `npm ci` in frontend/.")
    folder = Path(tempfile.mkdtemp(prefix="annotator-bench-"))
    words = [str(vite), "build", "--config", "src/editor/bench/vite.config.ts"]
    subprocess.run(
        [*words, "--outDir", str(folder), "--logLevel", "error"], cwd=FRONTEND, check=True, capture_output=True
    )
    return folder / "bench.js"


@functools.cache
def _figures(scene: str, options: str, best_by: str) -> Figures:
    """What `window.editorBench.<scene>(<options>)` answers, in milliseconds, each run in a fresh browser."""
    return min((_run(scene, options) for _ in range(RUNS)), key=lambda found: float(found[best_by]))


def _run(scene: str, options: str) -> Figures:
    script = _script()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        processor_time_expose(page)
        page.set_content("<body style='margin: 0'></body>")
        page.add_script_tag(path=script)
        around = circumstances(browser)
        return {**page.evaluate(f"window.editorBench.{scene}({options})"), **around}


def _text(figures: Figures) -> Figures:
    """The figures beside the one of the line, in whole tenths."""
    return {
        key: round(value, 1) if isinstance(value, float) and key != "load" else value for key, value in figures.items()
    }


def _declare(name: str, scene: str, key: str, *, target: float, **options: Any) -> None:
    """A single figure of a scene."""

    def measure() -> Measurement:
        figures = _figures(scene, json.dumps(options), key)
        return Measurement(figures[key], detail=_text(figures))

    benchmark(name, unit="ms", target=target)(measure)


def _declare_frames(name: str, scene: str, **options: Any) -> None:
    """The frames of a scene: whole at p50 and p95 beside the page at rest, and the editor's own code at p95."""
    text = json.dumps(options)
    _declare_part(f"{name}_frame_p50", scene, text, "whole_p50", target=FRAME + 1, is_beside_rest=True)
    _declare_part(f"{name}_frame_p95", scene, text, "whole_p95", target=2 * FRAME, is_beside_rest=True)
    _declare_part(f"{name}_script_p95", scene, text, "script_p95", target=FRAME / 2, is_beside_rest=False)


def _declare_part(name: str, scene: str, options: str, key: str, *, target: float, is_beside_rest: bool) -> None:
    def measure() -> Measurement:
        figures = _figures(scene, options, "whole_p50")
        return Measurement(figures[key], figures[f"rest_{key}"] if is_beside_rest else None, detail=_text(figures))

    benchmark(name, unit="ms", target=target, peer="the page at rest" if is_beside_rest else "")(measure)


def _declare_naive(count: int, name: str) -> None:
    """A whole frame of panning, beside drawing every object anew on every frame."""

    def measure() -> Measurement:
        ours = _figures("pan", json.dumps({"count": count}), "whole_p50")
        peer = _figures("naive", json.dumps({"count": count}), "frame")
        return Measurement(ours["whole_p50"], peer["frame"], detail=_text(ours))

    benchmark(f"pan_{name}_against_drawing_all", unit="ms", target=FRAME + 1, peer="a Path2D for each")(measure)


def _declare_screen(name: str, function: Callable[[], Measurement], *, target: float, unit: str = "ms") -> None:
    """A figure of the editor inside the whole product."""

    def measure() -> Measurement:
        return function()

    benchmark(name, unit=unit, target=target)(measure)


_declare("open_5k", "open", "drawn", target=1000, count=5_000)
_declare("open_10k_first_frame", "open", "first", target=500, count=10_000)
for _count, _name in ((1_000, "1k"), (10_000, "10k"), (30_000, "30k")):
    _declare_frames(f"pan_{_name}", "pan", count=_count)
    _declare_frames(f"zoom_{_name}", "zoom", count=_count)
    _declare_naive(_count, _name)
_declare_frames("pan_200_masks", "pan", kind="masks", count=200)
_declare_frames("zoom_200_masks", "zoom", kind="masks", count=200)
_declare_frames("pan_10k_at_2x", "pan", count=10_000, pixelRatio=2)
_declare("hover_10k_p95", "hover", "p95", target=2, count=10_000)
_declare("select_10k_p95", "select", "p95", target=100, count=10_000)
_declare_frames("drag_one_of_10k", "drag", count=10_000)
_declare_frames("drag_vertex_of_10k", "dragVertex", count=10_000)
_declare_frames("drag_all_10k", "dragAll", count=10_000)
_declare_frames("brush_48mp", "brush", size=LARGE)
_declare("brush_48mp_begin", "brush", "down", target=50, size=LARGE)
_declare("brush_48mp_end", "brush", "up", target=50, size=LARGE)
_declare_screen("first_load", _editor_screen.first_load, unit="kB", target=400)
_declare_screen("switch_prefetched_p50", lambda: _editor_screen.visits()["switch"], target=100)
_declare_screen("open_screen_5k_objects", _editor_screen.open_many, target=1000)
_declare_screen("save_round_trip_p50", _editor_screen.save, target=100)
_declare_screen("heap_growth_after_500_images", lambda: _editor_screen.visits()["growth"], unit="MB", target=5)
_declare_screen("tiles_first_picture", lambda: _editor_screen.tiles()["first"], target=1000)
_declare_screen("tiles_pan_frame_p50", lambda: _editor_screen.tiles()["pan"], target=FRAME + 1)
_declare_screen("tiles_zoom_frame_p50", lambda: _editor_screen.tiles()["zoom"], target=FRAME + 1)
