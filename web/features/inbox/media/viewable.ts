// A picture or a video that the viewer shows.
import type { Message } from '@recado/client';
import { captionOf, type File, fileOf } from '../../../data/message-file.ts';

export interface Viewable {
  /** The id of the message, or of the file of a note. */
  id: string;
  conversationId: string;
  file: File;
  isVideo: boolean;
  caption: string | undefined;
  /** Our message, the person of the conversation, or the name of the author of a note. */
  by: Message | 'them' | { name: string };
  at: string;
}

/** The picture or the video of a message; undefined if it has none to show. */
export function viewableOf(message: Message): Viewable | undefined {
  const { id, conversation_id: conversationId, type, direction, created_at: at } = message;
  const file = fileOf(message);
  if ((type !== 'image' && type !== 'video') || message.revoked_at !== null || file?.status !== 'stored')
    return undefined;
  const by = direction === 'outbound' ? message : 'them';
  return { id, conversationId, file, isVideo: type === 'video', caption: captionOf(message), by, at };
}
