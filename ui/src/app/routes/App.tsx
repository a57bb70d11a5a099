import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { startSync } from "@/app/sync";
import { router } from "./router";

/** The whole interface. */
export function App() {
  useEffect(() => startSync(() => {}), []);
  return <RouterProvider router={router} />;
}
