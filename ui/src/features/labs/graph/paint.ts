/* Lines, names of interfaces and hubs on a canvas: hundreds of them cost less than one text of the page. */
import type { Position } from "@/ipc";
import type { Colours } from "./colours";
import { END_SIZE, endWidth, HUB_SIZE, type Hub, type Line } from "./lines";
import type { View } from "./viewport";

export interface Picture {
  lines: readonly Line[];
  hubs: readonly Hub[];
  /** The line that the pointer is on. */
  lit: Line | null;
  /** Something is made worse on it. */
  isWorse: (line: Line) => boolean;
}

const MONO = '"JetBrains Mono Variable", monospace';

/** Draws everything anew, sharp at the size that it is looked at. */
export function paint(canvas: HTMLCanvasElement, view: View, picture: Picture, colours: Colours): void {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const size = [Math.round(width * ratio), Math.round(height * ratio)] as const;
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  const { lit, isWorse } = picture;
  const isMarked = (line: Line) => line.key === lit?.key || isWorse(line);
  stroke(
    pen,
    picture.lines.filter((line) => !isMarked(line)),
    colours.line,
    1.25,
  );
  stroke(pen, picture.lines.filter(isWorse), colours.warn, 2);
  if (lit) stroke(pen, [lit], colours.accent, 2);
  if (!view.isFar) names(pen, picture.lines, inView(view, width, height), colours);
  for (const hub of picture.hubs) paintHub(pen, hub, colours);
}

function stroke(pen: CanvasRenderingContext2D, lines: readonly Line[], colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const { a, b } of lines) {
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
  }
  pen.stroke();
}

const MARGIN = 60;

function inView({ x, y, k }: View, width: number, height: number) {
  const [left, top] = [-x / k - MARGIN, -y / k - MARGIN];
  const [right, bottom] = [(width - x) / k + MARGIN, (height - y) / k + MARGIN];
  return (at: Position) => at.x > left && at.x < right && at.y > top && at.y < bottom;
}

/** Each on a ground of its own, which ends the line below it. */
function names(
  pen: CanvasRenderingContext2D,
  lines: readonly Line[],
  isInView: (at: Position) => boolean,
  colours: Colours,
): void {
  pen.font = `${END_SIZE}px ${MONO}`;
  pen.textAlign = "center";
  for (const { ends } of lines) {
    for (const { end, at } of ends) {
      if (!end.interface || !isInView(at)) continue;
      const width = endWidth(end.interface);
      pen.fillStyle = colours.bg;
      pen.fillRect(at.x - width / 2, at.y - 7, width, 14);
      pen.fillStyle = colours.fg3;
      pen.fillText(end.interface, at.x, at.y + 3.5);
    }
  }
}

function paintHub(pen: CanvasRenderingContext2D, { label, at, box, isLan }: Hub, colours: Colours): void {
  pen.beginPath();
  pen.roundRect(at.x - box.width / 2, at.y - box.height / 2, box.width, box.height, isLan ? 4 : 11);
  pen.fillStyle = colours.panel;
  pen.fill();
  pen.setLineDash(isLan ? [] : [3, 3]);
  pen.strokeStyle = colours.line;
  pen.lineWidth = 1;
  pen.stroke();
  pen.setLineDash([]);
  pen.font = `${HUB_SIZE}px ${MONO}`;
  pen.textAlign = "center";
  pen.fillStyle = colours.fg2;
  pen.fillText(label, at.x, at.y + 4);
}

/** Calls back when what was drawn looks different: another colour scheme, or letters that have come. */
export function onLookChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  let isWanted = true;
  document.fonts?.load(`${END_SIZE}px ${MONO}`).then(
    () => isWanted && callback(),
    () => {},
  );
  return () => {
    isWanted = false;
    observer.disconnect();
  };
}
