// Attempts: the calls of each message, and the evidence about them.
export { deleteExpiredReceipts, removeAttempts, removeReceipts } from './remove-store.ts';
