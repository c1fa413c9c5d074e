// The labels of a conversation, and the menu that gives and takes them.
import type { Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Check, Tag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { LabelMark, LabelPill } from '../../../components/label-pill.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { labelConversation } from '../../../data/conversation-states.ts';
import { labelsQuery } from '../../../data/labels.ts';
import { useHotkeys } from '../../../kit/hotkeys.ts';
import { useAction } from '../../../kit/use-action.ts';

const mostShown = 2;

/** Nothing where the workspace has no label for conversations. */
export function LabelMenu({ conversation: { id, labels } }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const known = useQuery(labelsQuery('conversation')).data ?? [];
  const change = useAction(labelConversation);
  useHotkeys({ label: known.length > 0 ? () => setOpen(true) : undefined });
  if (known.length === 0) return null;
  const has = (label: string) => labels.some(each => each.id === label);
  return (
    <>
      <span className="flex min-w-0 gap-1 max-lg:hidden">
        {labels.slice(0, mostShown).map(label => (
          <LabelPill key={label.id} label={label} />
        ))}
      </span>
      <Menu
        label={t('inbox.labels')}
        isOpen={isOpen}
        onOpen={setOpen}
        trigger={
          <button
            type="button"
            aria-label={t('inbox.labels')}
            title={t('inbox.labels')}
            className={`${buttonLook('quiet', 'small')} w-control-s px-0!`}
          >
            <Tag size={16} strokeWidth={1.75} aria-hidden="true" />
          </button>
        }
      >
        {known.map(label => (
          <MenuItem
            key={label.id}
            end={has(label.id) && <Check size={16} className="text-accent-text" aria-label={t('inbox.hasLabel')} />}
            onSelect={() => change.mutate({ id, label: label.id, has: !has(label.id) })}
          >
            <span className="inline-flex items-center gap-2">
              <LabelMark color={label.color} />
              <bdi>{label.name}</bdi>
            </span>
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
