/** Every text of the interface in English, a file per area. */
import { first } from "./first";
import { screens } from "./screens";

export const messages = { ...first, ...screens };

export const same: readonly string[] = [];
