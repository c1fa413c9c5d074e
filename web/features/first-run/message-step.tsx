// The first message: written here, seen on the phone beside it, and followed station by station.

import { type Account, ApiError } from '@recado/client';
import { KeyRound, SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { CodeBlock } from '../../components/code.tsx';
import { Area, Field, Input } from '../../components/field.tsx';
import { programsFor } from '../../components/programs.ts';
import { createContact } from '../../data/contacts.ts';
import { useMay } from '../../data/me.ts';
import { sendMessage } from '../../data/messages.ts';
import { useForm } from '../../kit/form.ts';
import { DemoButton } from '../demo/index.ts';
import { DrawnPhone, openWindow } from '../inbox/index.ts';
import { WhereItIs } from './where-it-is.tsx';

/** The last message of this run. */
export interface Sent {
  id: string;
  to: string;
  body: string;
}

const firstNumber = '+55 11 98765-4321';

interface Props {
  account: Account;
  sent: Sent | undefined;
  onSent: (sent: Sent) => void;
  /** Whether the key for programs is being made. */
  makingKey: boolean;
  onProgram: () => void;
  onInbox: () => void;
}

export function MessageStep({ account, sent, onSent, makingKey, onProgram, onInbox }: Props) {
  const { t } = useTranslation();
  const mayMakeKeys = useMay('keys.manage');
  const opening = t('firstRun.message.opening');
  useEffect(() => void greet(account.id, opening), [account.id, opening]);
  const { form, input, errors, busy, values } = useForm({
    start: { to: sent?.to ?? firstNumber, body: sent?.body ?? t('firstRun.message.first') },
    check: ({ to, body }) => ({
      ...(to.trim() === '' && { to: t('form.missing') }),
      ...(body.trim() === '' && { body: t('form.missing') }),
    }),
    async send({ to, body }) {
      const number = to.trim();
      // Ana may be writing at this moment.
      if (number === firstNumber) await greet(account.id, opening);
      await openWindow({ accountId: account.id, number }, opening);
      const { id } = await sendMessage({ account_id: account.id, to: number, type: 'text', text: { body } });
      onSent({ id, to: number, body });
    },
  });
  const sendByKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
  };
  const number = values.to.trim();
  return (
    <main
      id="main"
      className="mx-auto grid max-w-270 items-start gap-8 px-4 pb-12 lg:grid-cols-[minmax(0,1fr)_320px] lg:gap-16 lg:px-8"
    >
      <div className="grid min-w-0 gap-6">
        <div>
          <h1 className="text-28/9 tracking-tight">{t('firstRun.message.title')}</h1>
          <p className="mt-1 text-muted">{t('firstRun.message.intro')}</p>
        </div>
        <form {...form} onKeyDown={sendByKey} className="grid gap-4 rounded-card border border-border bg-surface p-4">
          <Field label={t('firstRun.message.to')} error={errors.to}>
            <Input type="tel" dir="ltr" className="num" {...input('to')} />
          </Field>
          <Field label={t('firstRun.message.body')} error={errors.body ?? errors.form}>
            <Area rows={2} dir="auto" {...input('body')} />
          </Field>
          <div className="flex items-center gap-2">
            <Button kind={sent ? 'line' : 'primary'} type="submit" icon={SendHorizontal} busy={busy}>
              {t(sent ? 'firstRun.message.another' : 'firstRun.message.send')}
            </Button>
            <span className="text-13 text-muted max-md:hidden">{t('firstRun.message.keys')}</span>
          </div>
        </form>
        {sent && <WhereItIs id={sent.id} />}
        {sent && (
          <section className="grid min-w-0 gap-3">
            <h2>{t('firstRun.message.same')}</h2>
            <CodeBlock tabs={programsFor({ accountId: account.id, to: sent.to, body: sent.body })} />
          </section>
        )}
        {sent && (
          // On a low screen too, the way on is in sight.
          <div className="bottom-0 -mx-4 flex flex-wrap items-center gap-2 border-t border-border bg-canvas px-4 py-3 md:sticky">
            {mayMakeKeys && (
              <Button kind="primary" icon={KeyRound} busy={makingKey} onClick={onProgram}>
                {t('firstRun.message.key')}
              </Button>
            )}
            <DemoButton />
            <span className="flex-1" />
            <Button kind="line" onClick={onInbox}>
              {t('firstRun.inbox')}
            </Button>
          </div>
        )}
      </div>
      <div className="min-w-0">
        {/^\+\d[\d\s().-]{6,}$/.test(number) && (
          <>
            <DrawnPhone
              accountId={account.id}
              accountName={account.name}
              number={number}
              name={number === firstNumber ? 'Ana' : number}
            />
            <p className="mt-3 text-center text-13 text-muted">
              {t('firstRun.message.phoneOf')} <bdi dir="ltr">{number}</bdi>
            </p>
          </>
        )}
      </div>
    </main>
  );
}

let greeted: { accountId: string; done: Promise<void> } | undefined;

/** Ana writes first, before the eyes of the newcomer; once, however often this step is shown. */
function greet(accountId: string, opening: string): Promise<void> {
  if (greeted?.accountId === accountId) return greeted.done;
  const write = async () => {
    await nameAna(firstNumber);
    await openWindow({ accountId, number: firstNumber }, opening);
  };
  // Send tries again after a failure here, and says why.
  const done = write().catch(() => {
    greeted = undefined;
  });
  greeted = { accountId, done };
  return done;
}

/** So that the inbox calls her by her name. */
async function nameAna(phone: string): Promise<void> {
  try {
    await createContact.act({ name: 'Ana', phone });
  } catch (error) {
    // She is there already.
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
  }
}
