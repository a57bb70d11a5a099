/* Forms drawn from descriptions. */
export * from "./Fold";
export * from "./FoldedRows";
export * from "./FormField";
export * from "./FormRows";
export * from "./OpenChoice";
export * from "./rows";
export * from "./values";
