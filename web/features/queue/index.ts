// What other features use of the queue.
export { queueSearch } from './search.ts';
