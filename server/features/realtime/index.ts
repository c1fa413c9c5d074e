// Real time: streams and sockets that get events as they happen, and presence.
export type { Proof } from './client.ts';
export { realtimeErrors } from './errors.ts';
export { openRealtime } from './realtime.ts';
export type { AdapterFactory } from './socket.ts';
