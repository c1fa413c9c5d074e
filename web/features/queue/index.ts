// What other features use of the queue.
export { AccountPicker } from './account-pickers.tsx';
export { QueueStrip } from './strip-card.tsx';
