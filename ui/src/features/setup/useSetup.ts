/* What the core offers for a server, the choices, and what running the script with them would do. */
import { useEffect, useState } from "react";
import { defaultValues, type Values } from "@/components";
import {
  type AppError,
  type ConnectionId,
  type ServerSetup,
  type SetupPlan,
  setupOffer,
  setupPlan,
  toFailure,
} from "@/ipc";

/** `offer` is undefined while it is asked for, null where there is none. */
export function useSetup(id: ConnectionId) {
  const [offer, setOffer] = useState<ServerSetup | null | undefined>(undefined);
  const [values, setValues] = useState<Values>({});
  const [plan, setPlan] = useState<SetupPlan | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let isGone = false;
    setFailure(null);
    setupOffer({ connection_id: id }).then(
      (offer) => {
        if (isGone) return;
        setOffer(offer);
        setValues(offer ? defaultValues(offer.fields) : {});
      },
      (thrown) => !isGone && setFailure(toFailure(thrown)),
    );
    return () => {
      isGone = true;
    };
  }, [id, attempt]);
  useEffect(() => {
    if (!offer) return;
    let isGone = false;
    setupPlan({ connection_id: id, values }).then(
      (plan) => !isGone && setPlan(plan),
      (thrown) => !isGone && setFailure(toFailure(thrown)),
    );
    return () => {
      isGone = true;
    };
  }, [id, offer, values]);
  return {
    offer,
    values,
    plan,
    failure,
    change: (name: string, value: string) => setValues((old) => ({ ...old, [name]: value })),
    again: () => setAttempt((count) => count + 1),
  };
}
