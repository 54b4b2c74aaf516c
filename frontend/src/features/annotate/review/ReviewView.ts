/** What the review of the open image shows on the canvas: a comment being written, the one in view, an earlier state. */
import { createContext, use } from "react";
import type { CommentPlace } from "../../../api/queries/review";

export interface Earlier {
  readonly revision: number;
  readonly mode: "over" | "beside";
}

export interface ReviewView {
  readonly image: number;
  readonly draft: CommentPlace | null;
  readonly shown: number | null;
  readonly earlier: Earlier | null;
  readonly onDraft: (place: CommentPlace | null) => void;
  readonly onShow: (comment: number | null) => void;
  readonly onEarlier: (earlier: Earlier | null) => void;
}

export const ReviewContext = createContext<ReviewView | null>(null);

export function useReviewView(): ReviewView {
  const view = use(ReviewContext);
  if (view === null) throw new Error("useReviewView needs a ReviewContext around it.");
  return view;
}
