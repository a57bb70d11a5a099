import { Cable, SearchX } from "lucide-react";
import { useEffect, useState } from "react";
import { openDialog } from "@/app/dialogs";
import { Button, EmptyState } from "@/components";
import { tunnelsFound } from "@/ipc";
import { messages } from "@/messages";
import { useWays } from "./useWays";

const words = messages.tunnels.empty;

interface ListEmptyProps {
  isFiltered: boolean;
  query: string;
  onShowAll: () => void;
  /** Puts an example into the field for typed tunnels. */
  onExample: (line: string) => void;
}

/** Why the list is empty, with what helps. */
export function ListEmpty({ isFiltered, query, onShowAll, onExample }: ListEmptyProps) {
  if (!isFiltered) return <NoneYet onExample={onExample} />;
  const { title, text, action } = words.noMatch(query);
  return (
    <EmptyState
      icon={<SearchX />}
      {...{ title, text }}
      actions={<Button onClick={onShowAll}>{action}</Button>}
    />
  );
}

function NoneYet({ onExample }: Pick<ListEmptyProps, "onExample">) {
  const ways = useWays();
  const found = useFoundCount();
  const { title, text, example, noHost, addHost } = words.none;
  if (ways?.length === 0)
    return (
      <EmptyState
        icon={<Cable />}
        title={title}
        text={noHost}
        actions={
          <Button tone="main" onClick={() => openDialog({ dialog: "add-connection" })}>
            {addHost}
          </Button>
        }
      />
    );
  const line = ways?.[0] && `8080:localhost:8080 via ${ways[0].name}`;
  return (
    <EmptyState
      icon={<Cable />}
      {...{ title, text }}
      actions={
        <>
          {line && (
            <Button onClick={() => onExample(line)} className="font-mono">
              {example(line)}
            </Button>
          )}
          {found > 0 && (
            <Button onClick={() => openDialog({ dialog: "import-tunnels" })}>
              {words.none.import(found)}
            </Button>
          )}
        </>
      }
    />
  );
}

/** How many forwards of the SSH config could be brought in. */
function useFoundCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    let isGone = false;
    tunnelsFound().then(
      (found) => !isGone && setCount(found.filter(({ input, is_known }) => input && !is_known).length),
      // The dialog says why, should somebody open it.
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, []);
  return count;
}
