import { gather } from "../gather";

export const messages = gather(import.meta.glob("./*.json", { eager: true, import: "default" }));

export const same: readonly string[] = ["Checkpoints", "Editor", "Error", "General", "No", "no", "visible"];
