// The breaking changes that the release notes announce.
import type { Change } from './schema-changes.ts';

const heading = '**Breaking changes**';

/**
 * The changes that the newest section of the release notes does not announce. It announces a change where the list under
 * **Breaking changes** has its place in backticks.
 */
export function unannounced(changes: Change[], releaseNotes: string): Change[] {
  const [, newest = ''] = releaseNotes.split(/^## /m);
  const [, list = ''] = newest.split(heading);
  const [ofHeading = ''] = list.split(/^\*\*/m);
  const places = new Set([...ofHeading.matchAll(/`([^`]+)`/g)].map(([, place]) => place));
  return changes.filter(({ place }) => !places.has(place));
}
