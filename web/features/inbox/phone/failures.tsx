// Numbers that fail on purpose. Each begins a conversation: the person writes, so that WhatsApp allows an answer.

import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type MessageStatus, Tick } from '../../../components/tick.tsx';
import { conversationKeys } from '../../../data/conversation-keys.ts';
import { sendMessage } from '../../../data/messages.ts';
import { recipientsQuery } from '../../../data/phones.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useInboxPlace } from '../place.ts';
import { openWindow } from './open-window.ts';

/** The ones to show, and where a message to them ends. */
const shown = {
  'window-closed': 'failed',
  undeliverable: 'failed',
  'answer-lost': 'unknown',
  'answer-and-receipts-lost': 'unknown',
  'never-delivered': 'sent',
  'rate-limited': 'queued',
} as const satisfies Record<string, MessageStatus>;

type Outcome = keyof typeof shown;
const isShown = (outcome: string): outcome is Outcome => Object.hasOwn(shown, outcome);

export function Failures({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { open } = useInboxPlace();
  const { data: recipients = [] } = useQuery({ ...recipientsQuery, select: ({ data }) => data });
  const begin = useAction({
    async act(number: string) {
      const conversationId = await openWindow({ accountId: account.id, number }, t('phone.failure.opening'));
      await sendMessage({
        account_id: account.id,
        to: number,
        type: 'text',
        text: { body: t('phone.failure.message') },
      });
      return conversationId;
    },
    changes: () => [conversationKeys.all],
    onDone: id => void open(id, { side: 'phone' }),
  });
  const offered = recipients.flatMap(({ number, outcome }) => (isShown(outcome) ? [{ number, outcome }] : []));
  if (offered.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h2 className="text-13! font-medium! text-muted">{t('phone.failure.title')}</h2>
      <ul className="divide-y divide-border overflow-hidden rounded-[8px] border border-border bg-surface">
        {offered.map(({ number, outcome }) => (
          <li key={number}>
            <button
              type="button"
              aria-busy={begin.isPending && begin.variables === number ? true : undefined}
              onClick={() => begin.isPending || begin.mutate(number)}
              className="flex w-full cursor-pointer items-center gap-3 px-3 py-2 text-start hover:bg-hover"
            >
              <span className="min-w-0 flex-1">
                <bdi className="num font-medium" dir="ltr">
                  {phoneToRead(number)}
                </bdi>
                <span className="block text-12 text-muted">{t(`phone.failure.${outcome}`)}</span>
              </span>
              <span className="status" data-s={shown[outcome]}>
                <Tick status={shown[outcome]} label={t(`status.${shown[outcome]}`)} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
