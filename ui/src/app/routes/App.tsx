import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { RouterProvider } from "@tanstack/react-router";
import { router } from "./router";

/** The whole interface. */
export function App() {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <RouterProvider router={router} />
      </Tooltip.Provider>
    </CSPProvider>
  );
}
