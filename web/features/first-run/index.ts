// What other features use of the first run.
export { isFirstRun } from './first-time.ts';
export { FirstRunFrame } from './frame.tsx';
export { welcomeSearch } from './search.ts';
