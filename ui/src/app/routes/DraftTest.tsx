/* The test beside the form of a connection that is not added yet. */
import { useEffect } from "react";
import type { TestSlot } from "@/features/connections";
import { TestPanel, useTest } from "@/features/doctor";
import { messages } from "@/messages";

export function DraftTest({ asked, onEdit, onSetUp, onImage }: TestSlot) {
  const test = useTest();
  const { start } = test;
  useEffect(() => start({ connection_id: null, input: asked.input }), [asked, start]);
  return (
    <TestPanel
      test={test}
      className="grow"
      actions={{
        onEdit,
        onSetUp,
        setUpLabel: messages.doctor.fixes.addAndSetUp,
        onImage,
        imageLabel: messages.doctor.fixes.addAndImage,
      }}
    />
  );
}
