// What other features use of the first run.
export { FirstRunFrame } from './frame.tsx';
