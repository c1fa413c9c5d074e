// The person of a conversation: the 24-hour window, and facts.
import type { Account, Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, Smartphone, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { Facts } from '../../../components/surfaces.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { contactQuery } from '../../../data/contacts.ts';
import { conversationsOfQuery } from '../../../data/conversations.ts';
import { useMay, useSeesNumbers } from '../../../data/me.ts';
import { cx } from '../../../kit/class-names.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { ContactOptOuts } from '../../opt-outs/index.ts';
import { hasWindow } from '../composer/use-window.ts';
import { useDayWords } from '../days.ts';
import { useContactName } from '../names.ts';
import { useInboxPlace } from '../place.ts';
import { useWindowWords } from '../thread/window-words.ts';
import { ContactName } from './contact-name.tsx';
import { CopyId } from './copy-id.tsx';
import { Episodes } from './episodes.tsx';
import { Followers } from './followers.tsx';
import { Section } from './section.tsx';
import { useSentStrip } from './sent-strip.tsx';

interface Props {
  conversation: Conversation;
  account: Account | undefined;
}

export function ContactDetails({ conversation, account }: Props) {
  const { t } = useTranslation();
  const { number, day } = useFormat();
  const { contact, message_counts: counts } = conversation;
  const name = useContactName()(contact);
  const mayRead = useMay('contacts.read');
  const mayReadMessages = useMay('messages.read');
  const seesNumbers = useSeesNumbers();
  const maySeeOptOuts = useMay('opt_outs.read');
  const known = useQuery({ ...contactQuery(contact.id), enabled: mayRead }).data;
  const facts: [string, ReactNode][] = [
    [t('inbox.fact.account'), account && <bdi>{account.name}</bdi>],
    [t('inbox.fact.username'), contact.username && <bdi>@{contact.username}</bdi>],
    [t('inbox.fact.reference'), known?.reference && <bdi>{known.reference}</bdi>],
    [t('inbox.fact.first'), day(conversation.created_at)],
    [
      t('inbox.fact.messages'),
      t('inbox.fact.counts', { outbound: number(counts.outbound), inbound: number(counts.inbound) }),
    ],
    [t('inbox.fact.optOut'), !maySeeOptOuts && known?.opted_out && t(`inbox.optedOut.${known.opted_out}`)],
    [t('inbox.fact.whatsapp'), known?.whatsapp && t('inbox.fact.unreachable', { day: day(known.whatsapp.since) })],
    ...Object.entries(known?.metadata ?? {}).map(([key, value]): [string, ReactNode] => [
      key,
      <bdi key={key}>{String(value)}</bdi>,
    ]),
    [t('inbox.fact.contact'), <CopyId key="contact" id={contact.id} />],
    [t('inbox.fact.conversation'), <CopyId key="conversation" id={conversation.id} />],
  ];
  return (
    <div>
      <section className="grid justify-items-center gap-1 p-5 text-center">
        <Avatar name={name} size="huge" />
        <ContactName contactId={contact.id} shown={name} name={contact.name} />
        {contact.phone !== null && phoneToRead(contact.phone) !== name && (
          <bdi dir="ltr" className="num text-muted">
            {phoneToRead(contact.phone)}
          </bdi>
        )}
        {mayRead && (
          <Link
            to="/contacts/$contactId"
            params={{ contactId: contact.id }}
            className={cx(buttonLook('line', 'small'), 'mt-2')}
          >
            <UserRound size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
            {t('contacts.contact')}
          </Link>
        )}
      </section>
      {hasWindow(account) && <Window conversation={conversation} />}
      <SentSection conversation={conversation} name={name} />
      <Section title={t('inbox.fact.title')}>
        <Facts facts={facts.filter(([, value]) => value)} />
        {mayReadMessages && seesNumbers && (
          <a
            href={`/api/v1/conversations/${conversation.id}/export`}
            download
            className={cx(buttonLook('line', 'small'), 'mt-3')}
          >
            <Download size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
            {t('inbox.fact.export')}
          </a>
        )}
      </Section>
      {mayRead && <Episodes conversation={conversation} />}
      {mayRead && <Followers conversationId={conversation.id} />}
      <ContactOptOuts contactId={contact.id} name={name} frame={section => <Section {...section} />} />
      <AlsoWith conversation={conversation} />
    </div>
  );
}

function SentSection({ conversation, name }: { conversation: Conversation; name: string }) {
  const { t } = useTranslation();
  const title = t('inbox.sent.title', { name });
  const sent = useSentStrip({ of: { conversation_id: conversation.id }, label: title });
  return (
    sent && (
      <Section title={title} end={sent.total}>
        {sent.strip}
      </Section>
    )
  );
}

const windowSeconds = 24 * 3_600;

function Window({ conversation: { window, contact } }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const words = useWindowWords()(window);
  const name = useContactName()(contact);
  const left = window.until === null ? 0 : Math.max(0, (Date.parse(window.until) - Date.now()) / 1_000);
  return (
    <Section title={t('inbox.window.title')}>
      <div className="flex items-baseline justify-between gap-3 text-13">
        <b>{words}</b>
        <span className="num whitespace-nowrap text-muted">{window.open && left > 0 && duration(left)}</span>
      </div>
      <div className="h-1.5 overflow-hidden rounded-full bg-track" aria-hidden="true">
        <span
          className="block h-full rounded-full bg-accent-line"
          style={{ inlineSize: `${window.open ? (left / windowSeconds) * 100 : 0}%` }}
        />
      </div>
      <p className="text-13 text-muted">
        {t(window.open ? 'inbox.window.openWords' : 'inbox.window.closedWords', { name })}
      </p>
    </Section>
  );
}

/** The conversations of other accounts with the same person. */
function AlsoWith({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { open } = useInboxPlace();
  const days = useDayWords();
  const contactId = conversation.contact.id;
  const accounts = useAccounts();
  const others = useQuery({ ...conversationsOfQuery(contactId), enabled: accounts.length > 1 }).data?.data.filter(
    ({ id }) => id !== conversation.id,
  );
  if (!others?.length) return null;
  return (
    <Section title={t('inbox.fact.alsoWith')}>
      <ul className="-mx-2 grid">
        {others.map(other => (
          <li key={other.id}>
            <button
              type="button"
              onClick={() => void open(other.id)}
              className="flex w-full items-center gap-2 rounded-control px-2 py-1.5 text-start hover:bg-hover"
            >
              <Smartphone size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
              <bdi className="cut flex-1">{accounts.find(({ id }) => id === other.account_id)?.name}</bdi>
              <span className="num text-13 text-faint">{days.short(other.last_message_at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
