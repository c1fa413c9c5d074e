// Links of accounts of WhatsApp Web to phones, and the sessions that gateways keep for them.
export { linkErrors } from './errors.ts';
export { linkHooks } from './hooks.ts';
export { type KeptSessions, keepSessions } from './keep-sessions.ts';
export { deleteOldKeys, forgetPeople, forgetSentMessages } from './keys-store.ts';
export { findLinkedAt } from './link-store.ts';
export { tellLapsedLinks } from './open-session.ts';
export { readCurrentVersion } from './read-version.ts';
export { linkRoutes } from './routes.ts';
export { holdRestoredLinks } from './session-store.ts';
export { confirmedAt, oldAfterMs } from './version.ts';
export { findWebVersion, setWebVersion } from './version-store.ts';
export { watchVersion } from './watch-version.ts';
