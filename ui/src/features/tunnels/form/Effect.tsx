import { pointText, sentenceOf } from "@/app/tunnels";
import { CopyText, ErrorBox, PlanWarnings } from "@/components";
import type { TunnelInput } from "@/ipc";
import { messages } from "@/messages";
import { sshCommand } from "./command";
import type { TunnelForm } from "./useTunnelForm";

const { form } = messages.tunnels;
const words = form.effect;

/** What the tunnel would do, in words and as a command line. */
export function Effect({ form: { input, way, stray } }: { form: TunnelForm }) {
  return (
    <section aria-label={words.title} className="sticky top-0 flex flex-col gap-3 p-5">
      <h3 className="font-semibold">{words.title}</h3>
      {stray && <ErrorBox failure={stray} />}
      {input && way ? (
        <>
          <p className="font-[550] wrap-anywhere">{messages.sentence(sentenceOf(input.route, way.name))}</p>
          <ul className="flex list-disc flex-col gap-1.5 pl-4 text-fg-2 marker:text-fg-3">
            {behaviour(input, way.name).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {input.options.may_be_exposed && (
            <PlanWarnings warnings={[form.exposedWarning(pointText(input.route.listen))]} />
          )}
          <div>
            <h4 className="mb-1 text-fg-3">{words.command}</h4>
            <CopyText
              text={sshCommand(input.route, way)}
              className="w-full rounded-card! border bg-side px-2.5 py-2 [&>span]:whitespace-normal [&>span]:wrap-anywhere"
            />
          </div>
        </>
      ) : (
        <p className="text-fg-3">{words.incomplete}</p>
      )}
    </section>
  );
}

function behaviour({ options, route }: TunnelInput, through: string): string[] {
  const { when_down: down, check } = options;
  return [
    options.starts_with_app ? words.starts : words.byHand,
    ...(options.is_on_demand && route.kind !== "remote" ? [words.onDemand(through)] : []),
    down.policy === "hold" ? words.hold(`${down.seconds}`) : words.refuse,
    form.checkHelp[check.kind],
  ];
}
