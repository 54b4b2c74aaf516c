/** Providers around the routes, and nothing else. */
import "@fontsource-variable/inter/wght.css";
import "./mantineStyles";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./tokens.css";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router";
import { ApiError } from "../api/client";
import { Messages } from "./Messages";
import { router } from "./router";
import { neutralVariables, theme } from "./theme";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

export function App() {
  return (
    // The direction is that of <html dir>, which the choice of the language sets.
    <DirectionProvider>
      <MantineProvider theme={theme} cssVariablesResolver={neutralVariables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <Messages />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  );
}
