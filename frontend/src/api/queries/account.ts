import { queryOptions } from "@tanstack/react-query";
import { ApiError, body, http, meansSignedOut } from "../client";
import { session } from "../session";
import type { Me } from "../types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await body(http.GET("/api/v1/auth/me/", { signal }));
    } catch (error) {
      if (error instanceof ApiError && meansSignedOut(error)) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export const login = (username: string, password: string): Promise<Me> =>
  body(http.POST("/api/v1/auth/login/", { body: { username, password } }));

export async function logout(): Promise<void> {
  await session.drain();
  await body(http.POST("/api/v1/auth/logout/"));
}
