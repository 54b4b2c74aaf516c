/** What the other screens say: it comes with them. */
import consensus from "./consensus.json";
import exchange from "./exchange.json";
import health from "./health.json";
import models from "./models.json";
import projects from "./projects.json";
import revisions from "./revisions.json";
import settings from "./settings.json";
import train from "./train.json";
import versions from "./versions.json";

export const screens = {
  ...consensus,
  ...exchange,
  ...health,
  ...models,
  ...projects,
  ...revisions,
  ...settings,
  ...train,
  ...versions,
};
