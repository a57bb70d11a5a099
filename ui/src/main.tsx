import "./language";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/routes/App";
import { begin } from "@/app/routes/begin";
import { startIpc } from "@/ipc";
import "@/styles/index.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root element");

await startIpc();
await begin();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
