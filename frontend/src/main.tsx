import "./i18n";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html must contain an element with the id root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
