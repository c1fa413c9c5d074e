// What the frame of the app needs of the demo data.
export { RemoveDemoDialog } from './remove-slot.tsx';
export { useDemo } from './use-demo.ts';
