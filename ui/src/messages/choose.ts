/** The best of the known languages: the stored one, else the first that the system wants, else the fallback. */
export function choose(
  stored: string,
  wanted: readonly string[],
  known: readonly string[],
  fallback: string,
): string {
  const find = (tag: string) => {
    const lower = tag.toLowerCase();
    return (
      known.find((one) => one.toLowerCase() === lower) ??
      known.find((one) => one.toLowerCase() === lower.split("-")[0])
    );
  };
  for (const tag of stored === "" ? wanted : [stored, ...wanted]) {
    const found = find(tag);
    if (found) return found;
  }
  return fallback;
}
