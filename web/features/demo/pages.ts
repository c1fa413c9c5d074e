// Demo data for the frame of the app.
export { RemoveDemoDialog } from './remove-slot.tsx';
export { useDemo } from './use-demo.ts';
