/** What the editor, the window around every screen and the sign-in say: it comes with the first screen. */
import account from "./account.json";
import common from "./common.json";
import editor from "./editor.json";
import images from "./images.json";
import jobs from "./jobs.json";
import keys from "./keys.json";
import label from "./label.json";
import objects from "./objects.json";
import outline from "./outline.json";
import review from "./review.json";
import rules from "./rules.json";
import sync from "./sync.json";
import weights from "./weights.json";
import work from "./work.json";

export const first = {
  ...account,
  ...common,
  ...editor,
  ...images,
  ...jobs,
  ...keys,
  ...label,
  ...objects,
  ...outline,
  ...review,
  ...rules,
  ...sync,
  ...weights,
  ...work,
};
