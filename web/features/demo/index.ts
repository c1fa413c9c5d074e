// What other features use of the demo data.
export { DemoButton } from './demo-button.tsx';
export { RemoveDemoButton } from './remove-button.tsx';
