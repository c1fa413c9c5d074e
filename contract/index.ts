// The contract of the API: every shape that crosses it, for the server, its documents and its clients.
export * from './accounts.ts';
export * from './audit.ts';
export * from './auth.ts';
export * from './batches.ts';
export * from './common.ts';
export * from './contacts.ts';
export * from './ids.ts';
export * from './keys.ts';
export * from './media.ts';
export * from './messages.ts';
export * from './people.ts';
export * from './permissions.ts';
export * from './privacy.ts';
export * from './queue.ts';
export * from './timeline.ts';
export * from './workspace.ts';
export * from './workspaces.ts';
