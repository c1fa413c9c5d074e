// Linking an account of WhatsApp Web to a phone, live: the code, what to do on the phone, and what became of it.

import type { Account, Link } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { Info } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { accountQuery } from '../../../data/accounts.ts';
import { linkQuery, useHistoryCount, useLiveCode } from '../../../data/links.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useNow } from '../../../kit/use-now.ts';
import { Begin, type Method, Onward, OtherCode, RetryOrEnd } from './actions.tsx';
import { Figure, halves } from './figure.tsx';
import { Steps, WhatHappensNext } from './steps.tsx';
import { useLinkWords } from './words.ts';

export function LinkPage() {
  const { t } = useTranslation();
  const { accountId } = useParams({ from: '/inside/accounts/$accountId/link' });
  const account = useQuery(accountQuery(accountId));
  const back = { to: '/accounts/$accountId', params: { accountId }, label: t('link.back') } as const;
  return (
    <PageOfOne query={account} title={t('link.page')} back={back} failed={t('link.failed')}>
      {shown =>
        shown.capabilities.needs_session ? (
          <Shown account={shown} back={back} />
        ) : (
          <Navigate to="/accounts/$accountId" params={{ accountId }} replace />
        )
      }
    </PageOfOne>
  );
}

/** The states from which a code leads to the first message. */
const leadsOn: ReadonlySet<Link['state']> = new Set(['unlinked', 'linking', 'failed', 'connected']);

type Back = { to: '/accounts/$accountId'; params: { accountId: string }; label: string };

function Shown({ account, back }: { account: Account; back: Back }) {
  const { t } = useTranslation();
  const { id } = account;
  const link = useQuery(linkQuery(id));
  const history = useHistoryCount(id);
  useLiveCode(id);
  const example = {
    method: 'POST',
    path: `/api/v1/accounts/${id}/link`,
    body: { method: 'qr', accept_risks: true },
    sdk: `await recado.links.start('${id}', { method: 'qr', accept_risks: true });\nfor await (const event of recado.events.stream()) {\n  if (event.type === 'account.link_code_created') console.log(event.data.value);\n  if (event.type === 'account.link_changed' && event.data.state === 'connected') break;\n}`,
  };
  return (
    <Page title={t('link.page')} back={back} example={example}>
      <Answer query={link} failed={t('link.failed')} skeleton={<SkeletonCard className="h-80" />}>
        {shown => (
          <>
            <LinkCard account={account} link={shown} />
            {leadsOn.has(shown.state) && <WhatHappensNext state={shown.state} history={history} />}
          </>
        )}
      </Answer>
    </Page>
  );
}

function LinkCard({ account, link }: { account: Account; link: Link }) {
  const { t } = useTranslation();
  const { head, text } = useLinkWords()(link, account.name);
  const title = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<Method>('qr');
  const method = link.code?.method ?? asked;
  useKeptFocus(title, `${link.state} ${method}`);
  const isTyped = link.code?.method === 'pairing_code';
  return (
    <Card className="grid items-center gap-6 p-4 md:grid-cols-[280px_minmax(0,1fr)] md:gap-8 md:p-6">
      <Figure link={link} name={account.name} />
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-center gap-4">
        <div>
          {/* Said when it changes. The count of seconds stands outside. */}
          <div role="status">
            <h2 ref={title} tabIndex={-1} className="text-16/6 outline-none">
              {head}
            </h2>
            <p className="mt-1 max-w-[66ch] text-muted">{text}</p>
            {isTyped && link.code && <p className="sr-only">{t('link.code.say', { code: halves(link.code.value) })}</p>}
          </div>
          <Facts link={link} />
        </div>
        <What account={account} link={link} method={method} onAsked={setAsked} />
      </div>
    </Card>
  );
}

interface WhatProps {
  account: Account;
  link: Link;
  /** Of the code that is shown or on its way. */
  method: Method;
  onAsked: (method: Method) => void;
}

/** What to do in this state. */
function What({ account, link, method, onAsked }: WhatProps) {
  switch (link.state) {
    case 'linking':
      return (
        <>
          <Steps method={method} />
          <OtherCode account={account} shown={method} onAsked={onAsked} />
          <Careful account={account} />
        </>
      );
    case 'connected':
      return <Onward account={account} />;
    case 'reconnecting':
    case 'banned':
    case 'outdated':
      return <RetryOrEnd account={account} />;
    default:
      return (
        <>
          <Begin account={account} link={link} onAsked={onAsked} />
          {link.consented_at !== null && <Careful account={account} />}
        </>
      );
  }
}

/** The linked phone, and when the next attempt comes. */
function Facts({ link }: { link: Link }) {
  const { t } = useTranslation();
  const { day } = useFormat();
  if (link.state === 'reconnecting' && link.reconnects_at !== null) return <NextAttempt at={link.reconnects_at} />;
  if (link.phone === null) return null;
  return (
    <p className="mt-2 flex flex-wrap gap-x-4">
      <bdi dir="ltr" className="num font-medium">
        {phoneToRead(link.phone)}
      </bdi>
      {link.linked_at !== null && <span className="text-muted">{t('link.since', { day: day(link.linked_at) })}</span>}
    </p>
  );
}

function NextAttempt({ at }: { at: string }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const left = Math.ceil((Date.parse(at) - useNow(1_000)) / 1_000);
  return (
    <p className="num mt-2 font-medium">
      {left > 0 ? t('link.attemptIn', { time: duration(left) }) : t('link.attemptNow')}
    </p>
  );
}

/** The risk in one sentence, and the limits that the account begins with. */
function Careful({ account: { limits } }: { account: Account }) {
  const { t } = useTranslation();
  const { list, duration } = useFormat();
  const { rate, per_day: perDay, new_conversations_per_day: fresh } = limits;
  const parts = [
    t('link.careful.rate', { count: rate.messages, seconds: duration(rate.seconds) }),
    ...(perDay === null ? [] : [t('link.careful.day', { count: perDay })]),
    ...(fresh === null ? [] : [t('link.careful.fresh', { count: fresh })]),
  ];
  return (
    <p className="flex items-start gap-2.5 rounded-card bg-active px-4 py-2.5 text-13 text-muted">
      <Info size={16} strokeWidth={1.75} className="mt-0.5" aria-hidden="true" />
      <span>{t('link.careful.words', { limits: list(parts) })}</span>
    </p>
  );
}

/** The element with the focus may be gone with the state before; then the title has it. */
function useKeptFocus(title: RefObject<HTMLElement | null>, state: string): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    if (document.activeElement === document.body) title.current?.focus();
  }, [state, title]);
}
