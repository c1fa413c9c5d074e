// What can be done with one message of the list: one action at hand, the others behind ⋯.

import type { Message } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { ArrowUpRight, Copy, MessageSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/code.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { actionIcons, useActionsOf, useRetry } from '../../../components/message/actions.ts';
import { RowMenu } from '../../../components/row-menu.tsx';
import type { BulkAction, Target } from '../../../data/bulk.ts';
import { toast } from '../../../kit/toasts.ts';

interface Props {
  message: Message;
  name: string;
  onAct: (target: Target) => void;
}

export function RowActions({ message, name, onAct }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useActionsOf()(message);
  const retry = useRetry();
  const act = (action: BulkAction) =>
    action === 'retry' ? retry.mutate(message) : onAct({ action, ids: [message.id] });
  const [first] = actions;
  return (
    <span className="flex justify-end gap-0.5">
      {first && (
        <IconButton
          icon={actionIcons[first]}
          size="small"
          tabIndex={-1}
          label={t(`queue.actionOf.${first}`, { name })}
          aria-busy={retry.isPending || undefined}
          onClick={() => !retry.isPending && act(first)}
          className="opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 focus-visible:opacity-100 max-md:hidden"
        />
      )}
      <RowMenu name={name} isSkipped>
        {actions.map(action => (
          <MenuItem key={action} icon={actionIcons[action]} danger={action === 'cancel'} onSelect={() => act(action)}>
            {t(`queue.action.${action}`)}
          </MenuItem>
        ))}
        {actions.length > 0 && <MenuRule />}
        <MenuItem
          icon={ArrowUpRight}
          onSelect={() => void navigate({ to: '/messages/$messageId', params: { messageId: message.id } })}
        >
          {t('queue.open')}
        </MenuItem>
        <MenuItem
          icon={MessageSquare}
          onSelect={() =>
            void navigate({ to: '/inbox/$conversationId', params: { conversationId: message.conversation_id } })
          }
        >
          {t('queue.conversation')}
        </MenuItem>
        <MenuItem icon={Copy} onSelect={() => void copy(message.id).then(() => toast(t('queue.idCopied')))}>
          {t('queue.copyId')}
        </MenuItem>
      </RowMenu>
    </span>
  );
}
