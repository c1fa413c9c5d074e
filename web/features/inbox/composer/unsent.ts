// Drafts and unsent messages of people in this browser. They are in plain text, so they do not outlast the session.
import { countDrafts, forgetDrafts } from './draft.ts';
import { clearFiles } from './outgoing/file-store.ts';
import { countKept, removeAll } from './outgoing/kept.ts';
import { closeOutbox } from './outgoing.ts';

/** The number of drafts and of unsent messages. */
export const countUnsent = (): { drafts: number; messages: number } => ({
  drafts: countDrafts(),
  messages: countKept(),
});

/** Deletes all of them, also messages on their way. */
export function forgetUnsent(): void {
  closeOutbox();
  forgetDrafts();
  removeAll();
  // Where the browser keeps no files, there are none.
  clearFiles().catch(() => undefined);
}
