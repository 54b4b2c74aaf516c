import js from "@eslint/js";
import i18next from "eslint-plugin-i18next";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const features = [
  "account",
  "activity",
  "annotate",
  "evaluate",
  "exchange",
  "health",
  "images",
  "jobs",
  "projects",
  "settings",
  "train",
  "versions",
  "weights",
  "work",
];

const zones = [
  {
    target: "./src/editor",
    from: "./src",
    except: ["./editor"],
    message: "The editor core imports nothing outside itself.",
  },
  {
    target: "./src/ui",
    from: ["./src/api", "./src/parts", "./src/editor", "./src/features", "./src/app"],
    message: "src/ui knows no domain.",
  },
  {
    target: "./src/api",
    from: ["./src/ui", "./src/parts", "./src/editor", "./src/features", "./src/app"],
    message: "src/api knows no screen.",
  },
  {
    target: "./src/parts",
    from: ["./src/features", "./src/app"],
    message: "src/parts stands on api, ui and the public surface of the editor.",
  },
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: ["./src/features", "./src/app"],
    except: [`../features/${name}`],
    message: "Features never import each other; shared pieces live in src/parts, src/ui or src/api.",
  })),
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts"] },
  js.configs.recommended,
  {
    files: ["public/**/*.js"],
    languageOptions: { sourceType: "script", globals: { document: true, localStorage: true, matchMedia: true } },
  },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [
        createTypeScriptImportResolver({ project: "tsconfig.app.json", noWarnOnMultipleProjects: true }),
      ],
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Numbers in templates are what the editor and the charts are made of.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Event handlers in JSX may be arrow functions that return nothing useful.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": ["error", { zones }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 15],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/editor/**"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // Speaks of the React compiler, which is not used.
      "react-hooks/incompatible-library": "off",
    },
  },
  {
    files: ["src/**/*.tsx"],
    plugins: { i18next },
    rules: {
      "i18next/no-literal-string": [
        "error",
        {
          mode: "jsx-only",
          "jsx-attributes": {
            include: ["aria-label", "title", "label", "placeholder", "alt", "description", "note", "detail", "reason"],
          },
        },
      ],
    },
  },
  { files: ["**/*.test.{ts,tsx}"], rules: { "max-lines": "off" } },
);
