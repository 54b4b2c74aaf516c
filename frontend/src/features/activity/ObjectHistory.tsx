/** Everything that happened to one object: who, when, what. */
import { Badge, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { objectHistoryQuery } from "../../api/queries/revisions";
import type { DiffKind, ObjectEvent } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { formatAgo, formatDateTime } from "../../ui/format";
import { Section } from "../../ui/Page";
import { Swatch } from "../../ui/Swatch";
import classes from "./Activity.module.css";

export function ObjectHistory({ image, uuid }: { readonly image: number; readonly uuid: string }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const query = useQuery(objectHistoryQuery(image, uuid));
  return (
    <Section
      title={t("activity.objectHistory")}
      actions={
        <Button component={Link} to={`/projects/${project}/images/${image}?object=${uuid}`} variant="default">
          {t("activity.toImage")}
        </Button>
      }
    >
      <Loaded query={query}>
        {(events) => (
          <ul className={classes.events} aria-label={t("activity.objectHistory")}>
            {events.map((event) => (
              <Event key={event.number} event={event} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function Event({ event }: { readonly event: ObjectEvent }) {
  const { t } = useTranslation();
  const label = useProject()?.classes.find((item) => item.id === event.object?.class);
  return (
    <li>
      <span className={`${classes.number ?? ""} num`}>{event.number}</span>
      <span>
        {event.kinds.map((kind) => (
          <Badge key={kind} color="gray" me={5}>
            {t(`compare.kind.${kind as DiffKind}`, kind)}
          </Badge>
        ))}
      </span>
      <span>
        {event.object === null ? (
          t("activity.objectGone")
        ) : (
          <>
            <Swatch color={label?.color ?? "var(--faint)"} /> {label?.name ?? t("compare.noClass")}
          </>
        )}
      </span>
      <span dir="auto">{event.author}</span>
      <Text size="xs" c="dimmed" title={event.created_at === null ? undefined : formatDateTime(event.created_at)}>
        {event.created_at === null ? "" : formatAgo(event.created_at)}
      </Text>
      <Link to={`../compare?from=${event.number - 1}&to=${event.number}`}>{t("activity.showChanges")}</Link>
    </li>
  );
}
