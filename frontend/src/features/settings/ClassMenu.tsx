/** What can be done with a class as a whole: its attributes and skeleton, move, merge, split, retire. */
import { Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowMerge,
  IconArrowsSplit,
  IconArrowUp,
  IconBone,
  IconDots,
  IconListDetails,
  IconScissors,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { orderClasses } from "../../api/queries/classes";
import type { LabelClass, Project } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { IconButton } from "../../ui/IconButton";
import { AttributesDialog } from "./attributes/AttributesDialog";
import { BoxesDialog } from "./BoxesDialog";
import { MergeDialog, RetireDialog, SplitDialog } from "./ClassDialogs";
import { SkeletonDialog } from "./skeleton/SkeletonDialog";

interface ClassMenuProps {
  readonly item: LabelClass;
  readonly project: Project;
}

type Dialog = "attributes" | "skeleton" | "boxes" | "merge" | "split" | "retire";

export function ClassMenu({ item, project }: ClassMenuProps) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const order = useAction((ids: readonly number[]) => orderClasses(project.id, ids), {
    failure: t("settings.orderFailed"),
    invalidate: [["project", project.id], ["projects"]],
  });
  const ids = [...project.classes].sort((a, b) => a.position - b.position).map((each) => each.id);
  const place = ids.indexOf(item.id);
  const move = (to: number) => {
    const others = ids.filter((id) => id !== item.id);
    order.mutate([...others.slice(0, to), item.id, ...others.slice(to)]);
  };
  const close = () => setDialog(null);
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={220}>
        <Menu.Target>
          <IconButton label={t("settings.classMenu", { name: item.name })}>
            <IconDots size={15} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconListDetails size={14} />} onClick={() => setDialog("attributes")}>
            {t("settings.attributes")}
          </Menu.Item>
          <Menu.Item leftSection={<IconBone size={14} />} onClick={() => setDialog("skeleton")}>
            {t("settings.skeleton")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconArrowUp size={14} />} disabled={place === 0} onClick={() => move(place - 1)}>
            {t("settings.moveUp")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown size={14} />}
            disabled={place === ids.length - 1}
            onClick={() => move(place + 1)}
          >
            {t("settings.moveDown")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconScissors size={14} />} onClick={() => setDialog("boxes")}>
            {t("settings.boxesToMasks")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowMerge size={14} />}
            disabled={ids.length < 2}
            onClick={() => setDialog("merge")}
          >
            {t("settings.merge")}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowsSplit size={14} />} onClick={() => setDialog("split")}>
            {t("settings.split")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setDialog("retire")}>
            {t("settings.retire")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "attributes" && <AttributesDialog item={item} project={project} onClose={close} />}
      {dialog === "skeleton" && <SkeletonDialog item={item} project={project} onClose={close} />}
      {dialog === "boxes" && <BoxesDialog item={item} project={project} onClose={close} />}
      {dialog === "merge" && <MergeDialog item={item} project={project} onClose={close} />}
      {dialog === "split" && <SplitDialog item={item} project={project} onClose={close} />}
      {dialog === "retire" && <RetireDialog item={item} project={project} onClose={close} />}
    </>
  );
}
