/** Every text of the interface in English, a file per area. */
import account from "./account.json";
import common from "./common.json";
import consensus from "./consensus.json";
import editor from "./editor.json";
import exchange from "./exchange.json";
import health from "./health.json";
import images from "./images.json";
import jobs from "./jobs.json";
import keys from "./keys.json";
import label from "./label.json";
import models from "./models.json";
import objects from "./objects.json";
import outline from "./outline.json";
import projects from "./projects.json";
import review from "./review.json";
import revisions from "./revisions.json";
import rules from "./rules.json";
import settings from "./settings.json";
import sync from "./sync.json";
import train from "./train.json";
import versions from "./versions.json";
import weights from "./weights.json";
import work from "./work.json";

export const messages = {
  ...account,
  ...common,
  ...consensus,
  ...editor,
  ...exchange,
  ...health,
  ...images,
  ...jobs,
  ...keys,
  ...label,
  ...models,
  ...objects,
  ...outline,
  ...projects,
  ...review,
  ...revisions,
  ...rules,
  ...settings,
  ...sync,
  ...train,
  ...versions,
  ...weights,
  ...work,
};

export const same: readonly string[] = [];
