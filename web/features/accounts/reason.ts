// Why an account sends or does not, in one sentence.
import type { Account, AccountQueue, Link } from '@recado/client';
import { useTranslation } from 'react-i18next';
import type { Health } from '../../components/marks.tsx';
import { useFormat } from '../../kit/format.ts';
import { useNow } from '../../kit/use-now.ts';
import { useLinkWords } from './link/words.ts';

export interface Reason {
  tone: 'ok' | 'warning' | 'danger' | 'quiet';
  text: string;
  /** What somebody can do about it. */
  action?: 'resume' | 'credentials' | 'link' | 'decide';
}

export const queuedOf = ({ queued }: AccountQueue): number => queued.high + queued.normal + queued.low;

/** `YELLOW` and `RED` are WhatsApp's words for medium and low. */
export const qualityOf = ({ quality }: Account): 'high' | 'medium' | 'low' | undefined =>
  (({ GREEN: 'high', YELLOW: 'medium', RED: 'low' }) as const)[quality ?? ''];

/** A link that is not connected, in the colours of the account. */
const links: Record<Exclude<Link['state'], 'connected'>, { health: Health } & Omit<Reason, 'text'>> = {
  unlinked: { health: 'off', tone: 'warning', action: 'link' },
  linking: { health: 'off', tone: 'quiet', action: 'link' },
  failed: { health: 'off', tone: 'warning', action: 'link' },
  reconnecting: { health: 'warning', tone: 'warning', action: 'resume' },
  logged_out: { health: 'danger', tone: 'danger', action: 'link' },
  banned: { health: 'danger', tone: 'danger', action: 'resume' },
  outdated: { health: 'danger', tone: 'danger', action: 'resume' },
};

export function healthOf(account: Account): Health {
  if (account.link && account.link.state !== 'connected') return links[account.link.state].health;
  if (account.status === 'needs_attention') return 'danger';
  if (account.status === 'paused') return 'warning';
  if (account.status === 'disconnected') return 'off';
  const quality = qualityOf(account);
  return quality === 'medium' || quality === 'low' ? 'warning' : 'success';
}

/** The status in a word; of a phone that is not connected, that of its link. */
export function useStatusWords(): (account: Account) => string {
  const { t } = useTranslation();
  return ({ status, link }) =>
    link && (link.state !== 'connected' || status === 'connected')
      ? t(`link.state.${link.state}`)
      : t(`accountStatus.${status}`);
}

/** The worst first: the order of the list. */
const order: Record<Health, number> = { danger: 0, off: 1, warning: 2, success: 3 };
export const byUrgency = (a: Account, b: Account): number => order[healthOf(a)] - order[healthOf(b)];

/** How often the seconds that are left are counted again. */
const nowMs = 5_000;

export function useReason(): (account: Account, queue: AccountQueue | undefined) => Reason {
  const { t } = useTranslation();
  const format = useFormat();
  const linkWords = useLinkWords();
  const now = useNow(nowMs);

  return (account, queue) => {
    if (account.link && account.link.state !== 'connected') {
      const { tone, action } = links[account.link.state];
      return { tone, text: linkWords(account.link, account.name).alone, ...(action && { action }) };
    }
    const said = account.status_reason ?? '';
    if (account.status === 'needs_attention')
      return {
        tone: 'danger',
        text: said || t('reason.needs_attention'),
        action: account.capabilities.credentials ? 'credentials' : 'resume',
      };
    if (account.status === 'disconnected') return { tone: 'danger', text: said || t('reason.disconnected') };
    const count = queue ? queuedOf(queue) : 0;
    if (account.status === 'paused') return { tone: 'warning', text: t('reason.paused', { count }), action: 'resume' };
    if (queue?.hold) return held(account, queue, count);
    if (queue && queue.unknown > 0)
      return { tone: 'warning', text: t('reason.unknown', { count: queue.unknown }), action: 'decide' };
    const quality = qualityOf(account);
    if (quality === 'medium' || quality === 'low') return { tone: 'warning', text: t(`reason.quality_${quality}`) };
    if (account.capabilities.simulated && count === 0) return { tone: 'ok', text: t('reason.sandbox') };
    return { tone: 'ok', text: count > 0 ? t('reason.waiting', { count }) : t('reason.ok') };
  };

  function held({ effective_limits: limits }: Account, { hold }: AccountQueue, count: number): Reason {
    const until = hold?.until ?? undefined;
    const left = until === undefined ? 0 : (Date.parse(until) - now) / 1_000;
    const rate = t('limits.rateWords', {
      count: limits.rate.messages,
      seconds: format.duration(limits.rate.seconds),
    });
    const values = {
      count,
      rate,
      left: format.duration(Math.max(1, left)),
      until: until === undefined ? '' : format.clock(until),
    };
    const reason = hold?.reason ?? 'rate_limit';
    return {
      tone: reason === 'rate_limit' || reason === 'quiet_hours' ? 'quiet' : 'warning',
      text: t(`hold.${reason}`, values),
      ...((reason === 'flagged' || reason === 'account_error') && { action: 'resume' as const }),
    };
  }
}
