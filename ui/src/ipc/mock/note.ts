/** What was answered, for the check that tells data from texts of the interface. */
export function note(reply: unknown): void {
  const page = window as { mockData?: string[] };
  page.mockData = [...(page.mockData ?? []), JSON.stringify(reply)];
}
