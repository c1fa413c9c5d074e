// What the page of an account of WhatsApp Web says of its phone, and what one can do about the link.
import type { Account, Link as AccountLink } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { QrCode, Unlink } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button, buttonLook } from '../../../components/button.tsx';
import { CardFoot } from '../../../components/surfaces.tsx';
import { useSilence } from '../../../data/links.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { UnlinkDialog } from '../link/unlink-dialog.tsx';

type Fact = readonly [string, ReactNode];

/** The state of the link, its phone and its date. */
export function useLinkFacts(): (account: Account, link: AccountLink) => Fact[] {
  const { t } = useTranslation();
  const { day, exact, when } = useFormat();
  return ({ phone, new_chats: newChats }, { state, since, linked_at: linkedAt }) => {
    const none = <span className="text-faint">{t('link.noPhone')}</span>;
    const date = (time: string, words: string) => (
      <time dateTime={time} title={exact(time)}>
        {words}
      </time>
    );
    return [
      [t('link.fact.link'), t(`link.state.${state}`)],
      [
        t('link.fact.phone'),
        phone === null ? (
          none
        ) : (
          <bdi key="phone" dir="ltr" className="num">
            {phoneToRead(phone)}
          </bdi>
        ),
      ],
      ...(linkedAt === null ? [] : [[t('link.fact.linked'), date(linkedAt, day(linkedAt))] as const]),
      ...(newChats === null ? [] : [[t('link.fact.newChats'), <NewChats key="newChats" quota={newChats} />] as const]),
      ...(state === 'connected' ? [] : [[t('link.fact.since'), date(since, when(since))] as const]),
    ];
  };
}

/** WhatsApp's own quota of chats with people who never wrote, and the risk. */
function NewChats({ quota }: { quota: NonNullable<Account['new_chats']> }) {
  const { t } = useTranslation();
  const { number, moment } = useFormat();
  const left = number(quota.left);
  return (
    <>
      <span className="num">
        {quota.resets_at === null
          ? left
          : t('link.newChats.until', { left, when: moment(new Date(quota.resets_at)).words })}
      </span>
      <p className="text-muted">{t('link.newChats.risk')}</p>
    </>
  );
}

/** Ends the link. */
export function UnlinkFoot({ account }: { account: Account }) {
  const { t } = useTranslation();
  const [isEnding, setEnding] = useState(false);
  return (
    <CardFoot>
      <Button kind="line" icon={Unlink} onClick={() => setEnding(true)}>
        {t('link.unlink.action')}
      </Button>
      {isEnding && <UnlinkDialog account={account} onClose={() => setEnding(false)} />}
    </CardFoot>
  );
}

/** Leads to the page with the code. */
export function GoLink({ account, link, small = false }: { account: Account; link: AccountLink; small?: boolean }) {
  const { t } = useTranslation();
  const words = link.state === 'linking' ? 'linking' : account.phone === null ? 'first' : 'again';
  return (
    <Link
      to="/accounts/$accountId/link"
      params={{ accountId: account.id }}
      className={buttonLook('line', small ? 'small' : 'normal')}
    >
      {!small && <QrCode size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />}
      {t(`link.go.${words}`)}
    </Link>
  );
}

/** That a connected phone was silent for longer than usual, and what Recado did. */
export function SilenceBanner({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { duration, when } = useFormat();
  const silence = useSilence(account);
  if (!silence || account.link?.state !== 'connected') return null;
  const { silent_seconds: silent, usual_seconds: usual, action } = silence.data;
  return (
    <Banner tone="warning" title={t('link.silence.title', { silent: duration(silent), when: when(silence.timestamp) })}>
      {t('link.silence.usual', { usual: duration(usual) })} {t(`link.silence.${action}`)}
    </Banner>
  );
}
