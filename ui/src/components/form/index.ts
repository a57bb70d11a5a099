/* Forms drawn from descriptions. */
export * from "./FormField";
export * from "./values";
