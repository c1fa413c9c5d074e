// What people wrote in this browser and did not send. It is in plain text, so it does not outlast their session.
import { countDrafts, forgetDrafts } from './draft.ts';
import { clearFiles } from './outgoing/file-store.ts';
import { countKept, removeAll } from './outgoing/kept.ts';
import { closeOutbox } from './outgoing.ts';

/** How much of it there is. */
export const countUnsent = (): { drafts: number; messages: number } => ({
  drafts: countDrafts(),
  messages: countKept(),
});

/** Deletes all of it, also what is on its way. */
export function forgetUnsent(): void {
  closeOutbox();
  forgetDrafts();
  removeAll();
  // Where the browser keeps no files, there are none.
  clearFiles().catch(() => undefined);
}
