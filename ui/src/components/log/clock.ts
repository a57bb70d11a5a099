const two = (value: number) => String(value).padStart(2, "0");

/** The time of a line on this computer's clock: "11:04:02.113". */
export function lineTime(at: number): string {
  const date = new Date(at);
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}
