import { CloudOff } from "lucide-react";
import { messages } from "@/messages";

/** In a form for a server that cannot be reached now: nothing typed is lost, nothing can be sent. */
export function Away({ server }: { server: string }) {
  return (
    <p role="status" className="flex gap-2 rounded-card bg-warn-soft px-2.5 py-2">
      <CloudOff className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0 wrap-anywhere">{messages.form.away(server)}</span>
    </p>
  );
}
