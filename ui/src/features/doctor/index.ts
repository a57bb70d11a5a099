export { DoctorPage, type FormSlot } from "./DoctorPage";
export { TestPanel } from "./TestPanel";
export { type ConnectionTest, useTest } from "./useTest";
