/* Questions that the person put off: they wait on Home instead of standing over the page. */
import { create } from "zustand";

export const usePutOff = create<{ ids: readonly string[] }>(() => ({ ids: [] }));

export const putOff = (id: string): void =>
  usePutOff.setState(({ ids }) => ({ ids: [...ids.filter((known) => known !== id), id] }));

/** Shows a question again. */
export const bringBack = (id: string): void =>
  usePutOff.setState(({ ids }) => ({ ids: ids.filter((known) => known !== id) }));
