import { SearchX } from "lucide-react";
import { goTo, paths } from "@/app/navigation";
import { Button, EmptyState } from "@/components";
import { messages } from "@/messages";

/** An address that leads nowhere. */
export function NotFound() {
  const { title, text, go } = messages.shell.notFound;
  return (
    <EmptyState
      icon={<SearchX />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.home())}>{go}</Button>}
    />
  );
}
