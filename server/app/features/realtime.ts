import type { Feature } from '../feature.ts';

// Loaded by the api only: Socket.IO is large.
export const realtime: Feature = {
  errors: {
    section: 'Streams and sockets',
    table: async () => (await import('../../features/realtime/index.ts')).realtimeErrors,
  },
  routes: async (server, api) => (await import('../realtime.ts')).addRealtime(server, api),
};
