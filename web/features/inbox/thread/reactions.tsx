// Reactions: those of a message, and giving one.

import * as Popover from '@radix-ui/react-popover';
import type { Message } from '@recado/client';
import { SmilePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { sendMessage } from '../../../data/messages.ts';
import { cx } from '../../../kit/class-names.ts';
import { useAction } from '../../../kit/use-action.ts';

const usual = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** Gives a reaction of the account to a message, or takes it back. */
function useReact() {
  return useAction({
    act: ({ message, emoji }: { message: Message; emoji: string | null }) =>
      sendMessage({
        account_id: message.account_id,
        conversation_id: message.conversation_id,
        type: 'reaction',
        reaction: { message_id: message.id, emoji },
      }),
  });
}

export function Reactions({ message, name, may }: { message: Message; name: string; may: boolean }) {
  const { t } = useTranslation();
  const react = useReact();
  return message.reactions.map(({ from, emoji }) => {
    const words =
      from === 'contact' ? t('inbox.reaction.theirs', { name, emoji }) : t('inbox.reaction.ours', { emoji });
    if (from === 'contact' || !may)
      return (
        <span key={from} role="img" aria-label={words} title={words}>
          {emoji}
        </span>
      );
    return (
      <button
        key={from}
        type="button"
        title={`${words} ${t('inbox.reaction.remove')}`}
        aria-label={`${words} ${t('inbox.reaction.remove')}`}
        onClick={() => react.mutate({ message, emoji: null })}
      >
        {emoji}
      </button>
    );
  });
}

interface PickerProps {
  message: Message;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ReactionPicker({ message, open, onOpenChange }: PickerProps) {
  const { t } = useTranslation();
  const react = useReact();
  const mine = message.reactions.find(({ from }) => from === 'account')?.emoji;
  const give = (emoji: string) => {
    onOpenChange(false);
    react.mutate({ message, emoji: emoji === mine ? null : emoji });
  };
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger
        aria-label={t('inbox.reaction.give')}
        title={t('inbox.reaction.give')}
        className={cx(buttonLook('quiet', 'small'), 'w-control-s bg-canvas px-0! text-muted hover:text-text')}
      >
        <SmilePlus size={17} strokeWidth={1.75} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={t('inbox.reaction.give')}
          side="top"
          sideOffset={4}
          collisionPadding={8}
          className="z-(--z-menu) flex gap-0.5 rounded-full bg-raised p-1 shadow-float"
        >
          {usual.map(emoji => (
            <button
              key={emoji}
              type="button"
              aria-pressed={emoji === mine}
              onClick={() => give(emoji)}
              className="grid size-9 place-items-center rounded-full text-20 hover:bg-hover aria-pressed:bg-accent-soft"
            >
              {emoji}
            </button>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
