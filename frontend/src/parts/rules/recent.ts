/** The filters asked last in a project, newest first, as the address bar writes them. */
const MOST = 8;

const keyOf = (project: number, scope: string): string => `recent-rules-${scope}-${project}`;

export function recentRules(project: number, scope: string): readonly string[] {
  try {
    const listed: unknown = JSON.parse(localStorage.getItem(keyOf(project, scope)) ?? "[]");
    return Array.isArray(listed) ? listed.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function rememberRules(project: number, scope: string, text: string): void {
  const others = recentRules(project, scope).filter((one) => one !== text);
  localStorage.setItem(keyOf(project, scope), JSON.stringify([text, ...others].slice(0, MOST)));
}
