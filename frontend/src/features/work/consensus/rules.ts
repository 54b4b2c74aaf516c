/** What a merge and a decision take of what people handed in; pure. */
import type { ComparedGroup, ComparedObject, RoundImage } from "../../../api/types";

export const IOU = 0.5;

/** More than half. */
export const majorityOf = (copies: number): number => Math.floor(copies / 2) + 1;

/** For each thing the place of the object that is taken, or null to leave it out. */
export type Choices = readonly (number | null)[];

export const choicesByQuorum = (groups: readonly ComparedGroup[], quorum: number): Choices =>
  groups.map((group) => (group.objects.length >= quorum ? group.chosen : null));

/** Everything that one person has, and nothing else. */
export const choicesOf = (groups: readonly ComparedGroup[], person: string): Choices =>
  groups.map((group) => {
    const place = group.objects.findIndex((object) => object.annotator === person);
    return place === -1 ? null : place;
  });

export const takenOf = (groups: readonly ComparedGroup[], choices: Choices): readonly ComparedObject[] =>
  groups.flatMap((group, index) => {
    const place = choices[index];
    const object = place === null || place === undefined ? undefined : group.objects[place];
    return object === undefined ? [] : [object];
  });

/** Somebody lacks it, or calls it otherwise. */
export const isDisputed = (group: ComparedGroup, people: number): boolean =>
  group.objects.length < people || new Set(group.objects.map((object) => object.class)).size > 1;

/** What a merge would do to those of the images that are ready for it. */
export function foreseen(images: readonly RoundImage[], quorum: number) {
  const ready = images.filter((image) => image.complete && image.merged_in === null);
  const things = (from: number, to?: number): number =>
    ready.reduce((sum, image) => sum + image.support.slice(from, to).reduce((part, count) => part + count, 0), 0);
  return { images: ready.length, taken: things(quorum - 1), left: things(0, quorum - 1) };
}
