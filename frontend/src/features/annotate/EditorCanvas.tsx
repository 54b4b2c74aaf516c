/** The three stacked canvases and the events that go into the editor; React draws nothing here. */
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { imageFilter, keyInput, pointerInput, surfaceOf, wheelInput } from "../../editor";
import { useActionKeys } from "../../parts/keys/useActionKeys";
import { useEditor } from "./EditorContext";
import { CANVAS_ID } from "./focusCanvas";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const NOT_TEXT: ReadonlySet<string> = new Set(["checkbox", "radio", "range", "button", "file", "color"]);
// These keys work a focused control; every other one is the editor's even then.
const BUTTON_KEYS = /^(Enter| |Tab)$/;
const CHOICE_KEYS = /^(Enter| |Tab|Arrow.*|Home|End|Page.*)$/;

const isTyping = (target: Element): boolean =>
  target instanceof HTMLInputElement
    ? !target.readOnly && !NOT_TEXT.has(target.type)
    : target.closest("textarea, select, [contenteditable=true]") !== null;

/** Keys belong to a field, a dialog, an open list or a focused control before they belong to the canvas. */
function belongsElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (isTyping(target) || target.closest("[role=dialog], [role=listbox], [role=menu]") !== null) return true;
  if (target.closest("input, [role=slider]") !== null) return CHOICE_KEYS.test(event.key);
  return target.closest("button, a") !== null && BUTTON_KEYS.test(event.key);
}

export const EditorCanvas = memo(function EditorCanvas() {
  const { t } = useTranslation();
  const editor = useEditor();
  const box = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLCanvasElement>(null);
  const shapes = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const cursor = useSignal(editor.cursor);
  const settings = useSignal(editor.settings);
  const keysOf = useActionKeys();
  const keyOf = (action: string) => keysOf(action)[0] ?? t("keys.none");
  const help = t("editor.canvasHelp", {
    cursor: keyOf("keyboard-cursor"),
    region: keyOf("next-region"),
    help: keyOf("help"),
  });

  // The keys are the canvas's from the beginning, also for those who hear where they are.
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    const host = box.current;
    if (host === null || image.current === null || shapes.current === null || overlay.current === null) return;
    const unmount = editor.mount({
      image: surfaceOf(image.current),
      shapes: surfaceOf(shapes.current),
      overlay: surfaceOf(overlay.current),
    });
    const resize = () => editor.resize(host.clientWidth, host.clientHeight, window.devicePixelRatio);
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(host);
    const wheel = (event: WheelEvent) => {
      if (editor.wheel(wheelInput(event, host.getBoundingClientRect()))) event.preventDefault();
    };
    host.addEventListener("wheel", wheel, { passive: false });
    return () => {
      observer.disconnect();
      host.removeEventListener("wheel", wheel);
      unmount();
    };
  }, [editor]);

  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (belongsElsewhere(event)) return;
      if (editor.key(keyInput("down", event))) event.preventDefault();
    };
    const up = (event: KeyboardEvent) => {
      if (!belongsElsewhere(event)) editor.key(keyInput("up", event));
    };
    const blur = () => editor.blur();
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", blur);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", blur);
    };
  }, [editor]);

  const feed = (kind: "down" | "move" | "up" | "cancel" | "leave") => (event: React.PointerEvent<HTMLDivElement>) => {
    const host = event.currentTarget;
    if (kind === "down") {
      host.setPointerCapture(event.pointerId);
      // A press on the canvas takes the keyboard back from the field that had it.
      host.focus({ preventScroll: true });
    }
    editor.pointer(pointerInput(kind, event.nativeEvent, host.getBoundingClientRect()));
  };
  return (
    <div
      ref={box}
      id={CANVAS_ID}
      className={classes.canvas}
      style={{ cursor }}
      data-region
      tabIndex={0}
      role="application"
      aria-label={t("editor.canvas")}
      aria-description={help}
      data-tool={useSignal(editor.toolPath)}
      onPointerDown={feed("down")}
      onPointerMove={feed("move")}
      onPointerUp={feed("up")}
      onPointerCancel={feed("cancel")}
      onPointerLeave={feed("leave")}
      onContextMenu={(event) => event.preventDefault()}
    >
      <canvas ref={image} dir="ltr" style={{ filter: imageFilter(settings) }} />
      <canvas ref={shapes} dir="ltr" />
      <canvas ref={overlay} dir="ltr" />
    </div>
  );
});
