/* The words of the interface. A second language is a second file of the type `Messages`. */
import { en } from "./en";

export type Messages = typeof en;

export const messages: Messages = en;
