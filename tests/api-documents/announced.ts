// What the release notes say of the newest version: the breaking changes, and whether it is released.
import type { Change } from './schema-changes.ts';

const heading = '**Breaking changes**';

/**
 * The changes that the newest section of the release notes does not announce. It announces a change where the list under
 * **Breaking changes** has its place in backticks.
 */
export function unannounced(changes: Change[], releaseNotes: string): Change[] {
  const [, list = ''] = newestOf(releaseNotes).split(heading);
  const [ofHeading = ''] = list.split(/^\*\*/m);
  const places = new Set([...ofHeading.matchAll(/`([^`]+)`/g)].map(([, place]) => place));
  return changes.filter(({ place }) => !places.has(place));
}

/** Whether the newest section is of a released version: its heading does not end with (unreleased). */
export const isReleased = (releaseNotes: string): boolean => !headingOf(releaseNotes).endsWith('(unreleased)');

const newestOf = (releaseNotes: string): string => releaseNotes.split(/^## /m)[1] ?? '';
const headingOf = (releaseNotes: string): string => newestOf(releaseNotes).split('\n')[0] ?? '';
