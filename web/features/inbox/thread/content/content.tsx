// The content of a message of any type, both ways.
import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { ContactCards, Place } from './cards.tsx';
import { Document } from './document.tsx';
import { Answer, Interactive, InteractiveButtons } from './interactive.tsx';
import { Order, Template, Unsupported } from './other.tsx';
import { Picture, Sticker } from './picture.tsx';
import { Text } from './text.tsx';
import { Voice } from './voice.tsx';

export function Content({ message }: { message: Message }) {
  const { t } = useTranslation();
  // Recado keeps the content for audits, but the writer wanted it gone from the conversation.
  if (message.revoked_at !== null)
    return (
      <span className="tomb">
        {t(message.direction === 'inbound' ? 'inbox.content.deleted' : 'inbox.content.deletedByUs')}
      </span>
    );
  switch (message.type) {
    case 'text':
      return <Text text={message.text?.body ?? ''} />;
    case 'image':
    case 'video':
      return <Picture message={message} />;
    case 'audio':
      return <Voice message={message} />;
    case 'document':
      return <Document message={message} />;
    case 'sticker':
      return <Sticker message={message} />;
    case 'location':
      return <Place message={message} />;
    case 'contacts':
      return <ContactCards message={message} />;
    case 'interactive':
      return <Interactive message={message} />;
    case 'template':
      return <Template message={message} />;
    case 'button':
      return <Answer>{message.button?.text ?? message.button?.payload}</Answer>;
    case 'order':
      return <Order message={message} />;
    default:
      return <Unsupported message={message} />;
  }
}

/** What is below the time: the buttons of the message. */
export const ContentButtons = ({ message }: { message: Message }) =>
  message.type === 'interactive' && message.direction === 'outbound' && message.revoked_at === null ? (
    <InteractiveButtons message={message} />
  ) : null;
