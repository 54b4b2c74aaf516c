/** Above the list of objects: its search and its order. */
import { ActionIcon, Menu, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconSearch,
  IconSortAscending,
  IconSortDescending,
  IconX,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SORT_KEYS, type Sorting, type SortKey } from "./listing";
import classes from "./Objects.module.css";

interface ListControlsProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly sorting: Sorting;
  readonly onSorting: (sorting: Sorting) => void;
  readonly children: ReactNode;
}

/** What is asked for first of each: the front ones, names from A, the largest, the surest. */
const STARTS_DOWN: Readonly<Record<SortKey, boolean>> = {
  order: true,
  class: false,
  area: true,
  score: true,
  source: false,
};

export function ListControls({ text, onText, sorting, onSorting, children }: ListControlsProps) {
  const { t } = useTranslation();
  const choose = (key: SortKey) =>
    onSorting({ key, descending: key === sorting.key ? !sorting.descending : STARTS_DOWN[key] });
  const Direction = sorting.descending ? IconArrowDown : IconArrowUp;
  return (
    <div className={classes.controls}>
      <TextInput
        className={classes.search ?? ""}
        aria-label={t("objects.search")}
        placeholder={t("objects.search")}
        leftSection={<IconSearch size={13} />}
        rightSection={
          text !== "" && (
            <ActionIcon size={18} aria-label={t("objects.clearSearch")} onClick={() => onText("")}>
              <IconX size={12} />
            </ActionIcon>
          )
        }
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          onText("");
          event.currentTarget.blur();
        }}
        data-object-search
      />
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <Tooltip label={t("objects.sorted", { by: t(`objects.sort.${sorting.key}`) })}>
            <ActionIcon aria-label={t("objects.sorting")}>
              {sorting.descending ? <IconSortDescending size={16} /> : <IconSortAscending size={16} />}
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {SORT_KEYS.map((key) => (
            <Menu.Item
              key={key}
              rightSection={key === sorting.key ? <Direction size={13} /> : null}
              onClick={() => choose(key)}
            >
              {t(`objects.sort.${key}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {children}
    </div>
  );
}
