import { constants } from "node:zlib";
import react from "@vitejs/plugin-react";
import { compression, defineAlgorithm } from "vite-plugin-compression2";
import { defineConfig } from "vitest/config";

// Django serves the bundle under /static/app/ and index.html on every other route, so only the dev server sits at the root.
const backend = process.env.ANNOTATOR_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/app/" : "/",
  plugins: [
    react(),
    // Beside each file; the server gives a browser the one that it takes.
    compression({
      include: /\.(?:js|css|svg|json)$/,
      algorithms: [
        defineAlgorithm("gzip", { level: 9 }),
        defineAlgorithm("brotliCompress", { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      ],
    }),
    // 14 MB and more, of which a quarter goes over the wire.
    compression({ include: /\.wasm$/, algorithms: [defineAlgorithm("gzip", { level: 6 })] }),
  ],
  build: {
    outDir: "dist",
    target: "es2022",
    sourcemap: false,
    // The content security policy forbids inline scripts and data: scripts.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every screen needs in one file: many small ones are larger together, and come one after the other.
        codeSplitting: {
          groups: [{ name: "shell", tags: ["$initial"] }],
        },
      },
    },
  },
  // Decoding in a worker loads the runtime that the browser can use, when it is first wanted.
  worker: { format: "es" },
  server: {
    port: 5173,
    proxy: { "/api": backend, "/media": backend, "/admin": backend, "/static": backend },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
  },
}));
