// The versions of the Graph API. Meta serves one that has ended with the oldest that has not.
import { GraphError } from './graph-errors.ts';

const newest = 27;

const versioned = /^\/v(\d+)\.(\d+)(?=\/|\?|$)/;

/** Rejects a path with a version that Meta never had. Since the fourth, versions have no minor ones. */
export const rejectUnknownVersion = (path: string): void => {
  const [, major, minor] = versioned.exec(path) ?? [];
  if (major === undefined) return;
  const isKnown = Number(major) >= 1 && Number(major) <= newest && (minor === '0' || Number(major) < 4);
  if (!isKnown) throw new GraphError(2500, `Unknown path components: ${path.split('?')[0]}`);
};
