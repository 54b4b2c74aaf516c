import { gather } from "../gather";

export const messages = gather(import.meta.glob("./*.json", { eager: true, import: "default" }));

export const same: readonly string[] = [
  "Box",
  "Checkpoints",
  "Crowd",
  "Editor",
  "Ellipse",
  "Export",
  "Format",
  "Import",
  "Jobs",
  "Manager",
  "Name",
  "Person",
  "Polygon",
  "Recall",
  "Review",
  "Revision",
  "Score",
  "Scores",
  "Seed",
  "Split",
  "Tag",
  "Tags",
  "Test",
  "Text",
  "Upload",
  "Uploads",
  "Version",
];
