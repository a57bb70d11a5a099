/* Words of pasting into workspaces. */
export const paste = {
  action: "Paste into workspace…",
  pasting: (what: string, name: string) => `Putting ${what} into ${name}`,
  image: (size: string) => `an image (${size})`,
  text: (size: string) => `text (${size})`,
  done: (name: string) => `Pasted into ${name}`,
  copyPath: "Copy path",
  tooLarge: (size: string, most: string) => `This has ${size}, and ${most} can be pasted`,
  tooLargeHint: "Copy a smaller part, or send the file with scp.",
  dialog: {
    title: (name: string) => `Paste into ${name}`,
    lead: "An image or text from the clipboard becomes a file of the workspace's user. Its path is copied.",
    field: "Press Ctrl+V, or type",
    placeholder: "Paste an image or text here…",
    choose: "Choose an image…",
    preview: "The image to paste",
    drop: "Take it away",
    submit: "Paste as a file",
    limit: (most: string) => `Up to ${most}`,
  },
};
