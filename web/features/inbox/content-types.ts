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
import { captionOf } from './media/file.ts';
import { answerOf } from './thread/content/interactive.tsx';
import { asRecord, asText } from './thread/content/loose.ts';

interface ContentType {
  /** Null where the words suffice. */
  icon: LucideIcon | null;
  /** A notice is a line in the middle of the log. */
  row: 'bubble' | 'notice';
  /** How high its row may be, with a short text. */
  height: number;
  /** Its own words; undefined where it has none. */
  textOf: (message: Message) => string | undefined;
}

const bubble = { icon: null, row: 'bubble', height: 44, textOf: () => undefined } as const;
const notice = { ...bubble, row: 'notice' } as const;

const interactiveText = (message: Message) =>
  answerOf(message) ?? asText(asRecord(asRecord(message.interactive).body).text);

export const contentTypes = {
  text: { ...bubble, textOf: ({ text }) => text?.body },
  image: { ...bubble, icon: Image, height: 290, textOf: captionOf },
  video: { ...bubble, icon: Video, height: 290, textOf: captionOf },
  audio: { ...bubble, icon: Mic, height: 84 },
  document: {
    ...bubble,
    icon: FileText,
    height: 84,
    textOf: message => captionOf(message) ?? message.document?.filename ?? undefined,
  },
  sticker: { ...bubble, icon: Sticker },
  location: { ...bubble, icon: MapPin, textOf: ({ location }) => location?.name ?? location?.address },
  contacts: { ...bubble, icon: User },
  reaction: notice,
  interactive: { ...bubble, textOf: interactiveText },
  template: { ...bubble, icon: LayoutTemplate, textOf: ({ template }) => template?.text ?? template?.name },
  button: { ...bubble, textOf: interactiveText },
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
