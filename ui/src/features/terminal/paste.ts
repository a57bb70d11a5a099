/* What may be pasted: text without control characters, and not several lines by accident. */

/** The text without controls that could end a bracketed paste or drive the terminal. */
export function pastable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "");
}

/** Number of lines that would be entered by pasting this text. */
export function lineCount(text: string): number {
  return text.replace(/(\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/).length;
}

/** Whether a person is asked first: several lines, and nothing that holds them back. */
export const needsAsking = (text: string, isBracketed: boolean): boolean =>
  !isBracketed && lineCount(text) > 1;
