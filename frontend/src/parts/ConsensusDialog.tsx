/** Opens a round of consensus: which images, how many people label each of them, and who. */
import { Button, Group, Modal, MultiSelect, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { filtersToQuery, type ImageFilters, withFilter } from "../api/imageFilters";
import { createRound } from "../api/queries/consensus";
import { imageIdsQuery } from "../api/queries/images";
import { membersQuery } from "../api/queries/projects";
import { formatCount } from "../ui/format";
import { RuleMenu } from "./rules/RuleMenu";
import { useAction } from "./useAction";

const FEWEST = 2;

interface ConsensusDialogProps {
  readonly project: number;
  /** The chosen images, or a filter that can still be narrowed. */
  readonly target: { readonly filters: ImageFilters } | { readonly ids: readonly number[] };
  readonly onClose: () => void;
}

export function ConsensusDialog({ project, target, onClose }: ConsensusDialogProps) {
  const { t } = useTranslation();
  const members = useQuery(membersQuery(project)).data ?? [];
  const [name, setName] = useState("");
  const [people, setPeople] = useState<string[]>([]);
  const [copies, setCopies] = useState(FEWEST);
  const [sample, setSample] = useState<number | null>(null);
  const [filters, setFilters] = useState("filters" in target ? target.filters : {});
  const isChosen = "ids" in target;
  const matching = useQuery({ ...imageIdsQuery(project, filters), enabled: !isChosen }).data?.length;
  const images = isChosen ? target.ids.length : matching;
  const offered = members.filter((member) => member.role !== "viewer").map((member) => member.username);
  const create = useAction(
    () =>
      createRound(project, {
        name: name.trim(),
        people,
        copies,
        ...(isChosen ? { ids: [...target.ids] } : { filter: filtersToQuery(filters) }),
        ...(sample === null ? {} : { sample }),
      }),
    {
      failure: t("consensus.createFailed"),
      done: (round) => t("consensus.created", { name: round.name }),
      invalidate: [["project", project, "consensus"]],
      onSuccess: onClose,
    },
  );
  const lacks =
    people.length < copies
      ? t("consensus.tooFew", { value: formatCount(copies) })
      : images === 0
        ? t("consensus.noImages")
        : null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("consensus.newTitle")}
      size={480}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t("consensus.newText")}
          </Text>
          <TextInput
            label={t("work.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            data-autofocus
          />
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" className="num" aria-live="polite">
              {images === undefined ? t("state.loading") : t("consensus.of", { value: formatCount(images) })}
            </Text>
            {!isChosen && (
              <RuleMenu
                scope="images"
                text={filters.rules}
                label={t("rules.imagesTitle")}
                onChange={(rules) => setFilters((before) => withFilter(before, "rules", rules))}
              />
            )}
          </Group>
          <NumberInput
            label={t("consensus.sample")}
            description={t("consensus.sampleHelp")}
            value={sample ?? ""}
            min={1}
            allowDecimal={false}
            onChange={(value) => setSample(value === "" ? null : Math.max(1, Number(value)))}
          />
          <MultiSelect
            label={t("work.people")}
            description={t("consensus.peopleHelp")}
            data={offered}
            value={people}
            onChange={setPeople}
            searchable
            required
          />
          <NumberInput
            label={t("consensus.copies")}
            value={copies}
            min={FEWEST}
            max={50}
            allowDecimal={false}
            onChange={(value) => setCopies(Math.max(FEWEST, Number(value) || FEWEST))}
          />
          <Group justify="flex-end" gap="xs">
            <Text size="xs" c="dimmed" me="auto">
              {lacks}
            </Text>
            <Button variant="default" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
            <Button type="submit" disabled={name.trim() === "" || lacks !== null} loading={create.isPending}>
              {t("consensus.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
