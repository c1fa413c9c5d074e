// The types of content in the inbox: their icon, their row in the log and their words. `thread/content/content.tsx` draws them.
import type { Message } from '@recado/client';
import type { AnyMessageType } from '@recado/contract';
import {
  FileText,
  Image,
  LayoutTemplate,
  type LucideIcon,
  MapPin,
  Mic,
  Phone,
  ShoppingBag,
  Sticker,
  User,
  Video,
} from 'lucide-react';

interface ContentType {
  /** Null where the words suffice. */
  icon: LucideIcon | null;
  /** A notice is a line in the middle of the log. */
  row: 'bubble' | 'notice';
  /** How high its row may be, with a short text. */
  height: number;
}

const bubble = { icon: null, row: 'bubble', height: 44 } as const;
const notice = { ...bubble, row: 'notice' } as const;

export const contentTypes = {
  text: bubble,
  image: { ...bubble, icon: Image, height: 290 },
  video: { ...bubble, icon: Video, height: 290 },
  audio: { ...bubble, icon: Mic, height: 84 },
  document: { ...bubble, icon: FileText, height: 84 },
  sticker: { ...bubble, icon: Sticker },
  location: { ...bubble, icon: MapPin },
  contacts: { ...bubble, icon: User },
  reaction: notice,
  interactive: bubble,
  template: { ...bubble, icon: LayoutTemplate },
  button: bubble,
  order: { ...bubble, icon: ShoppingBag },
  call: { ...notice, icon: Phone },
  system: notice,
  unsupported: bubble,
} as const satisfies Record<AnyMessageType, ContentType>;

type NoticeType = {
  [Type in AnyMessageType]: (typeof contentTypes)[Type]['row'] extends 'notice' ? Type : never;
}[AnyMessageType];
export type NoticeMessage = Message & { type: NoticeType };

export const isNotice = (message: Message): message is NoticeMessage => contentTypes[message.type].row === 'notice';
