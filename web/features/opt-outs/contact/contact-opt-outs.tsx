// Which messages a person wants, how we know, and the change of it by hand.
import type { LedgerEntry } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Pill, type Tone } from '../../../components/marks.tsx';
import { useMay, useMayEverywhere } from '../../../data/me.ts';
import { ledgerOfQuery, optOutsOfQuery } from '../../../data/opt-outs.ts';
import { useFormat } from '../../../kit/format.ts';
import { ConsentDialog, OptInDialog, OptOutDialog } from './dialogs.tsx';

interface Props {
  contactId: string;
  /** The name of the person. */
  name: string;
  /** Draws the part of the page that it is in. */
  frame: (content: { title: string; children: ReactNode }) => ReactNode;
}

const tones: Record<'none' | 'marketing' | 'all', Tone> = { none: 'success', marketing: 'warning', all: 'danger' };

export function ContactOptOuts({ contactId, name, frame }: Props) {
  const { t } = useTranslation();
  const may = useMay('opt_outs.read');
  const mayManage = useMayEverywhere('opt_outs.manage');
  const [shown, setShown] = useState<'in' | 'out' | 'consent'>();
  const optOuts = useQuery({ ...optOutsOfQuery(contactId), enabled: may }).data?.data;
  const entries = useQuery({ ...ledgerOfQuery(contactId), enabled: may }).data;
  if (!may || !optOuts) return null;
  const categories = optOuts.map(({ category }) => category);
  const state = categories.includes('all') ? 'all' : (categories[0] ?? 'none');
  const close = () => setShown(undefined);
  return frame({
    title: t('optOut.title'),
    children: (
      <>
        <div>
          <Pill tone={tones[state]}>{state === 'none' ? t('optOut.none') : t(`inbox.optedOut.${state}`)}</Pill>
        </div>
        {mayManage && (
          <div className="flex flex-wrap gap-2">
            {state !== 'none' && (
              <Button kind="line" size="small" onClick={() => setShown('in')}>
                {t('optOutAct.in')}
              </Button>
            )}
            {state !== 'all' && (
              <Button kind="line" size="small" onClick={() => setShown('out')}>
                {t('optOutAct.out')}
              </Button>
            )}
            {state === 'none' && (
              <Button kind="line" size="small" onClick={() => setShown('consent')}>
                {t('optOutAct.consent')}
              </Button>
            )}
          </div>
        )}
        {entries && entries.data.length > 0 && (
          <ol aria-label={t('optOut.ledger')} className="grid gap-2 text-13">
            {entries.data.map(entry => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
        {entries?.page.has_more && <p className="text-12 text-faint">{t('optOut.more')}</p>}
        {shown === 'out' && <OptOutDialog contactId={contactId} name={name} onClose={close} />}
        {shown === 'in' && <OptInDialog contactId={contactId} name={name} optOuts={optOuts} onClose={close} />}
        {shown === 'consent' && <ConsentDialog contactId={contactId} name={name} onClose={close} />}
      </>
    ),
  });
}

function Entry({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation();
  const { when, exact } = useFormat();
  const { kind, category, source, proof, at, reason, wording, legal_basis: basis } = entry;
  const isConsent = kind === 'in' && basis !== null;
  const how = proof.word === undefined ? t(`optOut.source.${source}`) : t('optOut.wrote', { word: proof.word });
  return (
    <li>
      <p className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{t(isConsent ? `optOut.agreed.${category}` : `optOut.${kind}.${category}`)}</span>
        <time dateTime={at} title={exact(at)} className="num whitespace-nowrap text-muted">
          {when(at)}
        </time>
      </p>
      <p className="wrap-anywhere text-muted">
        {how}
        {[reason, wording, basis].filter(Boolean).map(text => (
          <span key={text}>
            {' '}
            · <bdi>{text}</bdi>
          </span>
        ))}
      </p>
    </li>
  );
}
