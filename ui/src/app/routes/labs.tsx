/* The pages of labs, which bring several features together. */
import { useParams } from "@tanstack/react-router";
import { LAB_TABS, type LabTab } from "@/app/navigation";
import { LabPage } from "@/features/labs";
import { openLog } from "@/features/logs";
import { LabRuns } from "@/features/runs";
import { openTerminal } from "@/features/terminal";

export function LabAt() {
  const { connectionId, labId, tab } = useParams({ from: "/labs/$connectionId/$labId/$tab" });
  const lab = { connection_id: connectionId, lab_id: labId };
  return (
    <LabPage
      key={`${connectionId}/${labId}`}
      lab={lab}
      tab={LAB_TABS.find((known): known is LabTab => known === tab) ?? "topology"}
      parts={{ runs: <LabRuns lab={lab} />, open: { console: openTerminal, logs: openLog } }}
    />
  );
}
