// What other features use of campaigns.
export { tabStates } from './search.ts';
export { stripOf, useWhenWords } from './words.tsx';
