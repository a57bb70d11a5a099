import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { RouterProvider } from "@tanstack/react-router";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { PathPicker, type PickPath } from "@/components";
import { pathPick } from "@/ipc";
import { router } from "./router";

const pickPath: PickPath = async (title, kind) => (await attempt(pathPick({ title, kind })))?.path ?? null;

/** The whole interface. */
export function App() {
  const isDesktop = useCore((state) => state.info?.is_desktop === true);
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <PathPicker value={isDesktop ? pickPath : null}>
          <RouterProvider router={router} />
        </PathPicker>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
