/* YAML with its parts told apart by colour: keys, texts, numbers, remarks. */
import { Fragment } from "react";

type Kind = "key" | "text" | "value" | "remark" | "plain";

interface Piece {
  kind: Kind;
  text: string;
}

const PARTS =
  /(?<remark>(?:^|(?<=\s))#.*$)|(?<key>[\w.$/-]+(?=\s*:(?:\s|$)))|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<value>(?<=[\s,[])(?:true|false|null|yes|no|~|-?\d[\d_.]*)(?=[\s,\]}]|$))/g;

/** The pieces of one line. What they say together is the line. */
export function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of line.matchAll(PARTS)) {
    if (match.index > at) pieces.push({ kind: "plain", text: line.slice(at, match.index) });
    const kind = (["remark", "key", "text", "value"] as const).find(
      (name) => match.groups?.[name] !== undefined,
    );
    pieces.push({ kind: kind ?? "plain", text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) pieces.push({ kind: "plain", text: line.slice(at) });
  return pieces;
}

const LOOK: Record<Kind, string> = {
  key: "text-accent",
  text: "text-ok",
  value: "text-warn",
  remark: "text-fg-3",
  plain: "",
};

export function Yaml({ text }: { text: string }) {
  return text.split("\n").map((line, number) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines keep their order and may be the same
    <Fragment key={number}>
      {piecesOf(line).map((piece, at) =>
        piece.kind === "plain" ? (
          piece.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: so do the pieces of a line
          <span key={at} className={LOOK[piece.kind]}>
            {piece.text}
          </span>
        ),
      )}
      {"\n"}
    </Fragment>
  ));
}
