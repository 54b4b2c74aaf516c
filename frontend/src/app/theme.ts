/** Mantine's theme: one accent, neutral greys, one dense scale; the colours of surfaces are in tokens.css. */
import {
  type ActionIconProps,
  type BadgeProps,
  createTheme,
  type CSSVariablesResolver,
  type MenuProps,
  type ModalProps,
  type PaperProps,
  type SelectProps,
  type TableProps,
  type TooltipProps,
} from "@mantine/core";

/** Named by text: a component named by its import would come with the first screen, used or not. */
function defaults<Props>(defaultProps: Partial<Props>): { defaultProps: Partial<Props> } {
  return { defaultProps };
}

const small = defaults<{ size: string }>({ size: "xs" });

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  autoContrast: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.35", sm: "1.4", md: "1.45", lg: "1.45", xl: "1.35" },
  spacing: { xs: "6px", sm: "10px", md: "16px", lg: "20px", xl: "28px" },
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "16px" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "1.3" },
      h2: { fontSize: "16px", lineHeight: "1.35" },
      h3: { fontSize: "13px", lineHeight: "1.4" },
    },
  },
  colors: {
    accent: [
      "#edf3ff",
      "#dbe6fd",
      "#b6ccf9",
      "#8fb0f5",
      "#6d97f1",
      "#4f7fe8",
      "#2f66d8",
      "#2556bd",
      "#1f489f",
      "#193a80",
    ],
    gray: [
      "#f7f8f9",
      "#f1f3f5",
      "#e6e9ec",
      "#d9dde2",
      "#c3c9d0",
      "#9aa3ad",
      "#717c88",
      "#515b66",
      "#363e47",
      "#20262d",
    ],
    dark: [
      "#dfe3e8",
      "#b3bac3",
      "#8a939e",
      "#626b76",
      "#3c434c",
      "#2e343c",
      "#23282e",
      "#1a1e23",
      "#15181c",
      "#0f1215",
    ],
  },
  components: {
    ActionIcon: defaults<ActionIconProps>({ variant: "subtle", color: "gray", size: 28 }),
    Badge: defaults<BadgeProps>({ variant: "light", size: "sm", radius: "sm", tt: "none", fw: 550 }),
    Button: small,
    Checkbox: small,
    Menu: defaults<MenuProps>({ shadow: "md", transitionProps: { duration: 90 } }),
    Modal: defaults<ModalProps>({ centered: true, radius: "md", transitionProps: { duration: 120 } }),
    MultiSelect: small,
    NumberInput: small,
    Paper: defaults<PaperProps>({ radius: "md", withBorder: true }),
    PasswordInput: small,
    SegmentedControl: small,
    Select: defaults<SelectProps>({ size: "xs", comboboxProps: { transitionProps: { duration: 90 } } }),
    Switch: small,
    Table: defaults<TableProps>({ verticalSpacing: 6, horizontalSpacing: 12, fz: "sm" }),
    TagsInput: small,
    Textarea: small,
    TextInput: small,
    Tooltip: defaults<TooltipProps>({
      openDelay: 350,
      fz: 12,
      transitionProps: { duration: 80 },
      maw: 320,
      multiline: true,
    }),
  },
});

const SOFT = {
  "--mantine-color-green-light": "var(--good-soft)",
  "--mantine-color-green-light-color": "var(--good)",
  "--mantine-color-orange-light": "var(--warn-soft)",
  "--mantine-color-orange-light-color": "var(--warn)",
  "--mantine-color-red-light": "var(--bad-soft)",
  "--mantine-color-red-light-color": "var(--bad)",
  "--mantine-color-gray-light": "var(--hover)",
  "--mantine-color-gray-light-hover": "var(--border)",
  "--mantine-color-gray-light-color": "var(--dim)",
};

/** Badges and notices take the colours of tokens.css, in both themes. */
export const neutralVariables: CSSVariablesResolver = () => ({ variables: {}, light: SOFT, dark: SOFT });
