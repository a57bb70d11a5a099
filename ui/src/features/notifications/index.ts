export { Bell } from "./Bell";
export { useBell } from "./bell-state";
