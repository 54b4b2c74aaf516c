/** The tray in the corner: one row per file with its progress, or the reason why it was refused. */
import { Button, Progress, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronUp,
  IconCircleCheckFilled,
  IconCopyCheck,
  IconFileZip,
  IconX,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { formatBytes, formatCount } from "../../../ui/format";
import { IconButton } from "../../../ui/IconButton";
import type { UploadItem, UploadQueue, UploadState } from "./queue";
import classes from "./Upload.module.css";

const ROW = 30;
const SPOKEN_FOR: ReadonlySet<UploadState> = new Set(["refused", "failed"]);

export function UploadTray({ queue }: { readonly queue: UploadQueue }) {
  const { t } = useTranslation();
  const { items, counts, sentBytes, totalBytes, busy } = useSyncExternalStore(queue.subscribe, queue.snapshot);
  const [folded, setFolded] = useState(false);
  // What needs reading stands first: refusals, then what is under way, then the rest.
  const rows = useMemo(() => {
    const rank = (item: UploadItem): number => (SPOKEN_FOR.has(item.state) ? 0 : item.state === "sending" ? 1 : 2);
    return [...items].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
  }, [items]);
  if (items.length === 0) return null;
  const done = items.length - counts.waiting - counts.sending;
  const problems = counts.refused + counts.failed;
  return (
    <section className={classes.tray} aria-label={t("upload.tray")}>
      <header className={classes.trayHead}>
        <div>
          <strong className="num">
            {busy
              ? t("upload.progress", { done: formatCount(done), total: formatCount(items.length) })
              : t("upload.finished", { count: counts.created, value: formatCount(counts.created) })}
          </strong>
          <Text size="xs" c="dimmed" className="num">
            {[
              busy ? t("upload.bytes", { sent: formatBytes(sentBytes), total: formatBytes(totalBytes) }) : "",
              counts.duplicate > 0 ? t("upload.duplicates", { count: counts.duplicate }) : "",
              problems > 0 ? t("upload.refused", { count: problems }) : "",
            ]
              .filter((text) => text !== "")
              .join(" · ")}
          </Text>
        </div>
        {counts.failed > 0 && !busy && (
          <Button size="compact-xs" variant="default" onClick={() => queue.retryFailed()}>
            {t("upload.retry")}
          </Button>
        )}
        <IconButton
          label={folded ? t("upload.unfold") : t("upload.fold")}
          onClick={() => setFolded(!folded)}
          side="top"
        >
          {folded ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
        </IconButton>
        <IconButton label={busy ? t("upload.stop") : t("upload.close")} onClick={() => queue.clear()} side="top">
          <IconX size={16} />
        </IconButton>
      </header>
      {busy && (
        <Progress
          value={totalBytes === 0 ? 0 : (100 * sentBytes) / totalBytes}
          size={3}
          radius={0}
          aria-label={t("upload.overall")}
        />
      )}
      {!folded && <TrayRows rows={rows} />}
    </section>
  );
}

function TrayRows({ rows }: { readonly rows: readonly UploadItem[] }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
  });
  return (
    <div className={classes.rows} ref={scroller}>
      <ul style={{ height: virtual.getTotalSize() }} aria-label={t("upload.files")}>
        {virtual.getVirtualItems().map((entry) => {
          const item = rows[entry.index];
          if (item === undefined) return null;
          return (
            <li
              key={item.id}
              ref={virtual.measureElement}
              data-index={entry.index}
              style={{ transform: `translateY(${entry.start}px)` }}
            >
              <TrayRow item={item} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function TrayRow({ item }: { readonly item: UploadItem }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.row}>
        <span className={classes.fileName} title={item.file.name} dir="auto">
          {item.file.name}
        </span>
        {item.state === "sending" ? (
          <Progress
            className={classes.fileBar ?? ""}
            size={4}
            value={item.file.size === 0 ? 100 : (100 * item.sent) / item.file.size}
            aria-label={t("upload.progressOf", { name: item.file.name })}
          />
        ) : (
          <span className={classes.fate} data-state={item.state}>
            <FateIcon state={item.state} /> {t(`upload.state.${item.state}`)}
          </span>
        )}
      </div>
      {item.detail !== "" && <p className={classes.reason}>{item.detail}</p>}
    </>
  );
}

function FateIcon({ state }: { readonly state: UploadState }) {
  if (state === "created") return <IconCircleCheckFilled size={13} />;
  if (state === "duplicate") return <IconCopyCheck size={13} />;
  if (state === "unpacking") return <IconFileZip size={13} />;
  return SPOKEN_FOR.has(state) ? <IconAlertTriangle size={13} /> : null;
}
