/** The whole picture in a corner with a frame around what the canvas shows of it; a press or a drag moves the view there. */
import { useQuery } from "@tanstack/react-query";
import { memo, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { imageQuery } from "../../../api/queries/images";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { frameOf, miniatureOf } from "./viewport";
import classes from "./Minimap.module.css";

export const Minimap = memo(function Minimap({ image }: { readonly image: number }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const open = useSignal(editor.image);
  const camera = useSignal(editor.camera.state);
  const window = useSignal(editor.camera.viewport);
  const { data } = useQuery({ ...imageQuery(image), staleTime: 60_000 });
  if (open?.imageId !== image || data === undefined) return null;
  const frame = frameOf(camera, window, open);
  if (frame === null) return null;
  const size = miniatureOf(open);
  const scale = size.width / open.width;
  const [across, down] = [Math.max(frame.width * scale, 2), Math.max(frame.height * scale, 2)];
  const outline = `M${frame.x * scale} ${frame.y * scale}h${across}v${down}h${-across}Z`;

  const center = (event: PointerEvent<SVGSVGElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const x = ((event.clientX - bounds.left) / bounds.width) * open.width;
    const y = ((event.clientY - bounds.top) / bounds.height) * open.height;
    editor.camera.panBy(
      window.width / 2 - (x * camera.zoom + camera.x),
      window.height / 2 - (y * camera.zoom + camera.y),
    );
  };
  return (
    <figure className={classes.map} aria-label={t("objects.minimap")}>
      <img src={data.thumbnail_url} alt="" width={size.width} height={size.height} draggable={false} />
      <svg
        width={size.width}
        height={size.height}
        viewBox={`0 0 ${size.width} ${size.height}`}
        aria-hidden
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          center(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) center(event);
        }}
      >
        <path className={classes.rest} d={`M0 0H${size.width}V${size.height}H0Z${outline}`} />
        <path className={classes.frame} d={outline} />
      </svg>
    </figure>
  );
});
