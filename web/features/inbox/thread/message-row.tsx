// A message in the log, with what can be done with it.
import type { Account, Message } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { Copy, Download, Ellipsis, Info, Reply } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/code.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { useMe } from '../../../data/me.ts';
import { fileOf } from '../../../data/message-file.ts';
import { messageKeys } from '../../../data/message-keys.ts';
import type { Stretch } from '../../../data/thread-cache.ts';
import { toast } from '../../../kit/toasts.ts';
import { useGist } from '../../../words/gist.ts';
import type { OutgoingMessage } from '../composer/outgoing.ts';
import { contentOf } from '../media/address.ts';
import { namedSender } from '../sender.ts';
import { MessageView } from './message-view.tsx';
import { Note } from './note.tsx';
import { Quote } from './quote.tsx';
import { ReactionPicker, Reactions } from './reactions.tsx';

/** What all rows of a log share. */
export interface LogContext {
  account: Account | undefined;
  /** What the person is called. */
  name: string;
  mayWrite: boolean;
  onReply: (message: Message) => void;
  /** Puts one that failed here back into the composer. */
  onEdit: (outgoing: OutgoingMessage) => void;
  /** Opens the templates; undefined where none can be sent. */
  onTemplates: (() => void) | undefined;
  onJump: (id: string) => void;
  onDetails: (id: string) => void;
  /** Opens or closes the reactions to choose from. */
  onPick: (id: string | undefined) => void;
}

interface Props {
  message: Message;
  isNext: boolean;
  isChosen: boolean;
  /** Whether Tab comes to it. */
  isReachable: boolean;
  isPicking: boolean;
  context: LogContext;
}

/** Whether WhatsApp knows it, so that it can be quoted and reacted to. */
export const canBeQuoted = ({ channel_message_id: id, revoked_at: revoked }: Message): boolean =>
  id !== null && revoked === null;

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, isNext, isChosen, isReachable, context } = props;
  const client = useQueryClient();
  const me = useMe().person?.id;
  const sender = message.direction === 'outbound' && !isNext ? namedSender(message) : undefined;
  const quoted = message.type === 'reaction' ? undefined : message.context;
  const isQuote = quoted != null && (quoted.message_id !== null || quoted.channel_message_id !== null);
  const known = client
    .getQueryData<Stretch>(messageKeys.thread(message.conversation_id))
    ?.messages.find(({ id }) => id === quoted?.message_id);
  return (
    <MessageView
      message={message}
      name={context.name}
      next={isNext}
      by={sender && sender.id !== me ? sender.name : undefined}
      chosen={isChosen}
      tabIndex={isReachable ? 0 : -1}
      onTick={() => context.onDetails(message.id)}
      quote={isQuote && <Quote id={quoted.message_id} known={known} name={context.name} onJump={context.onJump} />}
      reactions={
        message.reactions.length > 0 && <Reactions message={message} name={context.name} may={context.mayWrite} />
      }
      actions={<Actions {...props} />}
      note={<Note message={message} {...context} />}
    />
  );
});

function Actions({ message, isPicking, context }: Props) {
  const { t } = useTranslation();
  const gist = useGist();
  const file = fileOf(message);
  const mayAnswer = context.mayWrite && canBeQuoted(message);
  const text = message.revoked_at === null ? (message.text?.body ?? message.template?.text) : undefined;
  const copyText = (copied: string) => void copy(copied).then(() => toast(t('action.copied')));
  const download = (id: string) => {
    const link = document.createElement('a');
    link.href = contentOf(id);
    link.download = file?.filename ?? gist(message);
    link.click();
  };
  return (
    <>
      {mayAnswer && (
        <ReactionPicker
          message={message}
          open={isPicking}
          onOpenChange={open => context.onPick(open ? message.id : undefined)}
        />
      )}
      <Menu
        label={t('inbox.actions')}
        trigger={<IconButton icon={Ellipsis} label={t('inbox.actions')} size="small" className="bg-canvas" />}
      >
        {mayAnswer && (
          <MenuItem icon={Reply} end="r" onSelect={() => context.onReply(message)}>
            {t('inbox.reply')}
          </MenuItem>
        )}
        {text !== undefined && (
          <MenuItem icon={Copy} onSelect={() => copyText(text)}>
            {t('inbox.copyText')}
          </MenuItem>
        )}
        {file?.status === 'stored' && (
          <MenuItem icon={Download} onSelect={() => download(file.id)}>
            {t('inbox.downloadFile')}
          </MenuItem>
        )}
        <MenuItem icon={Info} end="i" onSelect={() => context.onDetails(message.id)}>
          {t('inbox.details')}
        </MenuItem>
      </Menu>
    </>
  );
}
