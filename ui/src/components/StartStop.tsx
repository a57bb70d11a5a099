import { Play, Square } from "lucide-react";
import { messages } from "@/messages";
import { Button } from "./Button";

const words = messages.bulk;

/** How many of the selected rows can be started and stopped, as two buttons. */
export function StartStop(props: {
  selected: number;
  startable: number;
  stoppable: number;
  onStart: () => void;
  onStop: () => void;
}) {
  const { startable, stoppable } = props;
  return (
    <>
      <span className="tabular-nums">{words.selected(props.selected)}</span>
      <Button
        icon={<Play />}
        disabled={startable === 0}
        title={startable === 0 ? words.noneToStart : undefined}
        onClick={props.onStart}
      >
        {words.start(startable)}
      </Button>
      <Button
        icon={<Square className="size-3!" />}
        disabled={stoppable === 0}
        title={stoppable === 0 ? words.noneToStop : undefined}
        onClick={props.onStop}
      >
        {words.stop(stoppable)}
      </Button>
    </>
  );
}
