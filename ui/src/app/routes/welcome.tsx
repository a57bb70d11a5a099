/* The first start, with what the import finds. */
import { Button } from "@/components";
import { ImportBody, useImport } from "@/features/import";
import { Welcome } from "@/features/onboarding";
import { messages } from "@/messages";

const words = messages.importing;

export function WelcomeRoute() {
  const flow = useImport(true);
  const { looked, ticked, isTaking } = flow;
  if (
    looked.at === "ready" &&
    !looked.found.some(({ items, left_out }) => items.length + left_out.length > 0)
  )
    return <Welcome found={undefined} />;
  // Nothing is drawn before it is known which of the two it is: reading takes an instant.
  if (looked.at === "looking") return <div className="h-full bg-side" />;
  const action = (
    <Button tone="main" size="form" disabled={ticked.size === 0 || isTaking} onClick={() => void flow.take()}>
      {isTaking ? words.bringingIn(ticked.size) : words.bringIn(ticked.size)}
    </Button>
  );
  return <Welcome found={{ lead: words.welcome, list: <ImportBody flow={flow} />, action }} />;
}
