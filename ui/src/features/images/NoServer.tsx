import { ServerOff } from "lucide-react";
import { goTo, paths } from "@/app/navigation";
import { Button, Dialog, EmptyState } from "@/components";
import { messages } from "@/messages";

const words = messages.images.noServer;

/** Nothing can be done to images while no server that holds some is connected. */
export function NoServer({ title, onClose }: { title: string; onClose: () => void }) {
  const show = () => {
    onClose();
    goTo(paths.connections());
  };
  return (
    <Dialog title={title} onClose={onClose} width={520}>
      <EmptyState
        icon={<ServerOff />}
        title={words.title}
        text={words.text}
        actions={<Button onClick={show}>{words.action}</Button>}
      />
    </Dialog>
  );
}
