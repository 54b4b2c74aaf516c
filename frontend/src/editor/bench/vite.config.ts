/** Bundles the measurements into one script for a bare page: `vite build --config src/editor/bench/vite.config.ts --outDir <folder>`. */

import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    target: "es2022",
    minify: false,
    emptyOutDir: false,
    lib: {
      entry: fileURLToPath(new URL("main.ts", import.meta.url)),
      formats: ["iife"],
      name: "bench",
      fileName: () => "bench.js",
    },
  },
});
