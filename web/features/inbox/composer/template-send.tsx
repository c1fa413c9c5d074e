// Begins a conversation: a template to a number that has not written.
import type { Account, Message, TemplateContent } from '@recado/client';
import { lazy, Suspense, useRef } from 'react';
import { recado } from '../../../kit/client.ts';
import { useAction } from '../../../kit/use-action.ts';
import { randomKey } from './outgoing/kept.ts';

const TemplatePicker = lazy(() =>
  import('./templates/picker.tsx').then(({ TemplatePicker }) => ({ default: TemplatePicker })),
);

interface Props {
  account: Account;
  /** The number, with + and country code. */
  to: string;
  onSent: (message: Message) => void;
}

/** Chooses, fills in and sends a template. A repeat after a lost answer sends nothing twice. */
export function TemplateSend({ account, to, onSent }: Props) {
  const key = useRef({ body: '', key: '' });
  const send = useAction({
    act(template: TemplateContent) {
      const content = { account_id: account.id, to, type: 'template' as const, template };
      const body = JSON.stringify(content);
      if (key.current.body !== body) key.current = { body, key: randomKey() };
      return recado.messages.send(content, { idempotencyKey: key.current.key });
    },
    changes: [['conversations']],
    onDone: onSent,
  });
  return (
    <div className="@container rounded-card border border-line bg-surface text-text">
      <Suspense fallback={<div className="h-40" />}>
        <TemplatePicker account={account} isWindowOpen={false} busy={send.isPending} onSend={send.mutate} />
      </Suspense>
    </div>
  );
}
