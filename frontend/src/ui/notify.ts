/** Short messages in the corner: one for what was done, one for what went wrong. */
import { notifications } from "@mantine/notifications";

export const notifyDone = (message: string): void => {
  notifications.show({ message, autoClose: 6000, withBorder: true, color: "accent" });
};

/** A failure stays until it is closed: it says what would be right. */
export const notifyFailure = (title: string, message: string): void => {
  notifications.show({ title, message, autoClose: 12_000, withBorder: true, color: "red" });
};
