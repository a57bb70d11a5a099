import { create } from "zustand";

/** Whether the panel is open; actions open it too. */
export const useBell = create<{ isOpen: boolean }>(() => ({ isOpen: false }));
