import type { Message } from '@recado/client';
import { fileOf } from '../../../data/message-file.ts';

/** Whether the viewer shows the file of a message. */
export const isViewable = (message: Message): boolean =>
  (message.type === 'image' || message.type === 'video') &&
  message.revoked_at === null &&
  fileOf(message)?.status === 'stored';
