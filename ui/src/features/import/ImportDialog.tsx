/* Moving in later: the same list as at the first start, over whatever page is shown. */
import { useRef } from "react";
import { Button, Dialog } from "@/components";
import { messages } from "@/messages";
import { ImportBody } from "./ImportBody";
import { useImport } from "./useImport";

const words = messages.importing;

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const flow = useImport();
  const body = useRef<HTMLDivElement>(null);
  const count = flow.ticked.size;
  const take = async () => {
    if (await flow.take()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      lead={words.lead}
      onClose={onClose}
      width={680}
      initialFocus={body}
      onSubmit={() => count > 0 && !flow.isTaking && void take()}
      footerStart={
        <Button tone="quiet" onClick={flow.look} disabled={flow.looked.at === "looking" || flow.isTaking}>
          {words.lookAgain}
        </Button>
      }
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={count === 0 || flow.isTaking}>
            {flow.isTaking ? words.bringingIn(count) : words.bringIn(count)}
          </Button>
        </>
      }
    >
      <div ref={body} tabIndex={-1} className="outline-none!">
        <ImportBody flow={flow} />
      </div>
    </Dialog>
  );
}
