/** The titles of architectures, presets and settings; a key whose entry is gone from the catalog speaks for itself. */
import { useQuery } from "@tanstack/react-query";
import { detectorHeadsQuery } from "../api/queries/detectors";
import { architecturesQuery } from "../api/queries/training";
import type { ParameterValue, ParameterValues } from "../api/types";

interface NamedSetting {
  readonly key: string;
  readonly title: string;
  readonly value: ParameterValue;
}

export function useArchitectureNames() {
  const { data = [] } = useQuery(architecturesQuery);
  const { data: heads = [] } = useQuery(detectorHeadsQuery);
  const find = (architecture: string) => data.find((item) => item.key === architecture);
  return {
    titleOf: (architecture: string): string =>
      find(architecture)?.title ?? heads.find((item) => item.key === architecture)?.title ?? architecture,
    presetOf: (architecture: string, preset: string): string =>
      find(architecture)?.presets.find((item) => item.key === preset)?.title ?? preset,
    /** The settings that the architecture has, in its order; all of them when it is gone from the catalog. */
    settingsOf: (architecture: string, config: ParameterValues): readonly NamedSetting[] => {
      const known = find(architecture)?.config ?? Object.keys(config).map((key) => ({ key, title: key }));
      return known.flatMap(({ key, title }) => {
        const value = config[key];
        return value === undefined ? [] : [{ key, title, value }];
      });
    },
  };
}
