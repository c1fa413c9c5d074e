// One message as the person sees it, with what they can press, and the menu to answer or react.
import type { PhoneMessage } from '@recado/client';
import { ChevronDown, Reply, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Bubble } from '../../../components/bubble.tsx';
import { IconButton } from '../../../components/button.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { type PhonePlace, writeOnPhone } from '../../../data/phones.ts';
import { cx } from '../../../kit/class-names.ts';
import { plainOf } from '../../../kit/formatting.ts';
import { useAction } from '../../../kit/use-action.ts';
import { PhoneChoices } from './phone-choices.tsx';
import { PhoneContent } from './phone-content.tsx';

const faces = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

interface Props {
  message: PhoneMessage;
  quoted: PhoneMessage | undefined;
  isNext: boolean;
  place: PhonePlace;
  name: string;
  /** Undefined for who may not write. */
  onReply: ((message: PhoneMessage) => void) | undefined;
}

export function PhoneBubble({ message, quoted, isNext, place, name, onReply }: Props) {
  const { t } = useTranslation();
  const isPersons = message.from === 'person';
  const { person, account } = message.reactions;
  const reactions = [person, account].filter(each => each !== null);
  return (
    <div className="group flex min-w-0 items-center gap-0.5">
      <div className={cx('flex min-w-0 flex-1 flex-col', isPersons && 'items-end')}>
        <Bubble
          ours={isPersons}
          next={isNext}
          who={isPersons ? name : t('phone.account')}
          at={message.at}
          {...(isPersons && { status: message.status === 'read' ? 'read' : 'delivered' })}
          note={
            (reactions.length > 0 || message.choices || message.link) && (
              <div className="grid w-full min-w-0 gap-1">
                {reactions.length > 0 && (
                  <span
                    role="img"
                    aria-label={t('phone.reactions', { emojis: reactions.join(' ') })}
                    className="z-1 -mt-1.5 ms-2 w-fit rounded-full border border-border bg-surface px-1.5 text-13/5"
                  >
                    {reactions.join(' ')}
                  </span>
                )}
                <PhoneChoices message={message} place={place} mayPress={onReply !== undefined} />
              </div>
            )
          }
        >
          {message.quotes !== null && (
            <span className="mb-1 block rounded-badge border-s-3 border-accent-line bg-active px-2 py-0.5 text-12">
              <span className="cut block max-w-44">
                <bdi>{quoted ? plainOf(quoted.preview) : t('phone.quoteGone')}</bdi>
              </span>
            </span>
          )}
          <PhoneContent message={message} place={place} />
        </Bubble>
      </div>
      {!isPersons && onReply && !message.deleted && (
        <MessageMenu message={message} place={place} onReply={() => onReply(message)} />
      )}
    </div>
  );
}

function MessageMenu({ message, place, onReply }: { message: PhoneMessage; place: PhonePlace; onReply: () => void }) {
  const { t } = useTranslation();
  const { mutate: write } = useAction(writeOnPhone);
  const react = (emoji: string | null) =>
    write({ place, body: { type: 'reaction', reaction: { message_id: message.id, emoji } } });
  return (
    <Menu
      label={t('phone.answerTo', { preview: message.preview })}
      trigger={
        <IconButton
          icon={ChevronDown}
          size="small"
          label={t('phone.answerTo', { preview: message.preview })}
          className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:opacity-100"
        />
      }
    >
      <MenuItem icon={Reply} onSelect={onReply}>
        {t('phone.reply')}
      </MenuItem>
      <MenuRule />
      {faces.map(face => (
        <MenuItem key={face} onSelect={() => react(face)}>
          {t('phone.react', { face })}
        </MenuItem>
      ))}
      {message.reactions.person !== null && (
        <MenuItem icon={Undo2} onSelect={() => react(null)}>
          {t('phone.unreact')}
        </MenuItem>
      )}
    </Menu>
  );
}
