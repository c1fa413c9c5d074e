import type { DEFAULT_CONNECTION_CONFIG } from 'baileys';

const nothing = () => {};

/** A logger for the library that says nothing. */
export const silent: typeof DEFAULT_CONNECTION_CONFIG.logger = {
  level: 'silent',
  child: () => silent,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
