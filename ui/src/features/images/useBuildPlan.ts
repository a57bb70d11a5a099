/* The plan for what is in the build form now. */
import { type Asked, TYPING_MS, useAsked } from "@/app/asked";
import { type BuildInput, type ConnectionId, imageBuildPlan, type Plan } from "@/ipc";

/** `input` is none while nothing can be planned; there is no plan then. */
export function useBuildPlan(connectionId: ConnectionId | null, input: BuildInput | null): Asked<Plan> {
  const question = connectionId === null || input === null ? null : { connection_id: connectionId, input };
  const asked = useAsked(question, imageBuildPlan, TYPING_MS);
  return question === null ? { ...asked, answer: null } : asked;
}
