import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Comment, Review } from "../types";

export const commentsQuery = (image: number) =>
  queryOptions({
    queryKey: ["comments", image],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/images/{id}/comments/", { params: at(image), signal }))).results,
    enabled: image > 0,
  });

/** On an object, at a point, or (neither given) on the image as a whole. */
export interface CommentPlace {
  readonly object?: string;
  readonly point?: readonly [x: number, y: number];
}

export const createComment = (image: number, text: string, { object, point }: CommentPlace): Promise<Comment> =>
  body(
    http.POST("/api/v1/images/{id}/comments/", {
      params: at(image),
      body: {
        text,
        ...(object === undefined ? {} : { object }),
        ...(point === undefined ? {} : { point: [...point] }),
      },
    }),
  );

export const replyTo = (comment: number, text: string): Promise<Comment> =>
  body(http.POST("/api/v1/comments/{id}/replies/", { params: at(comment), body: { text } }));

export const resolveComment = (comment: number, resolved: boolean): Promise<Comment> =>
  body(http.PATCH("/api/v1/comments/{id}/", { params: at(comment), body: { resolved } }));

export const reviewQuery = (image: number) =>
  queryOptions({
    queryKey: ["review", image],
    queryFn: ({ signal }) => body(http.GET("/api/v1/images/{id}/review/", { params: at(image), signal })),
    enabled: image > 0,
  });

export const submitImage = (image: number): Promise<Review> =>
  body(http.POST("/api/v1/images/{id}/review/submit/", { params: at(image) }));

/** `revision`: what the reviewer looked at, so that nobody accepts what they have not seen. */
export interface Judgement {
  readonly revision?: number;
  readonly note?: string;
}

export const acceptImage = (image: number, judgement: Judgement): Promise<Review> =>
  body(http.POST("/api/v1/images/{id}/review/accept/", { params: at(image), body: judgement }));

export const returnImage = (image: number, judgement: Judgement): Promise<Review> =>
  body(http.POST("/api/v1/images/{id}/review/return/", { params: at(image), body: judgement }));
