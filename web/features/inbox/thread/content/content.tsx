// The content of a message of any type, both ways.
import type { Message } from '@recado/client';
import type { AnyMessageType } from '@recado/contract';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { ContactCards, Place } from './cards.tsx';
import { Document } from './document.tsx';
import { Answer, Interactive, InteractiveButtons } from './interactive.tsx';
import { Order, Template, Unsupported } from './other.tsx';
import { Picture, Sticker } from './picture.tsx';
import { Text } from './text.tsx';
import { Voice } from './voice.tsx';

/** How each type is drawn. Of a call, a notice and a reaction the log has a line of its own. */
const drawings: Record<AnyMessageType, ComponentType<{ message: Message }>> = {
  text: ({ message }) => <Text isWhole text={message.text?.body ?? ''} />,
  image: Picture,
  video: Picture,
  audio: Voice,
  document: Document,
  sticker: Sticker,
  location: Place,
  contacts: ContactCards,
  reaction: Unsupported,
  interactive: Interactive,
  template: Template,
  button: ({ message }) => <Answer>{message.button?.text ?? message.button?.payload}</Answer>,
  order: Order,
  call: Unsupported,
  system: Unsupported,
  unsupported: Unsupported,
};

export function Content({ message }: { message: Message }) {
  const { t } = useTranslation();
  // Recado keeps the content for audits, but the writer wanted it gone from the conversation.
  if (message.revoked_at !== null)
    return (
      <span className="tomb">
        {t(message.direction === 'inbound' ? 'inbox.content.deleted' : 'inbox.content.deletedByUs')}
      </span>
    );
  const Drawing = drawings[message.type];
  return <Drawing message={message} />;
}

/** What is below the time: the buttons of the message. */
export const ContentButtons = ({ message }: { message: Message }) =>
  message.type === 'interactive' && message.direction === 'outbound' && message.revoked_at === null ? (
    <InteractiveButtons message={message} />
  ) : null;
