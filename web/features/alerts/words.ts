// Signals, values and states of alerts in words.
import type { Alert, AlertRule } from '@recado/client';
import { type AlertUnit, signalFacts } from '@recado/contract';
import { useTranslation } from 'react-i18next';
import type { Tone } from '../../components/marks.tsx';
import { useFormat } from '../../kit/format.ts';

const seconds: Partial<Record<AlertUnit, number>> = { seconds: 1, minutes: 60, days: 86_400 };

/** A value in its unit: "3.8% of 826", "12 min". */
export function useValueWords() {
  const { t } = useTranslation();
  const { number, duration } = useFormat();
  return (signal: AlertRule['signal'], value: number, n: number | null = null): string => {
    const { unit } = signalFacts[signal];
    const each = seconds[unit];
    const rounded = Math.round(value * 10) / 10;
    if (each !== undefined) return duration(value * each);
    if (unit === 'flag') return '';
    if (unit === 'percent') {
      const share = `${number(rounded)}%`;
      return n === null ? share : t('alerts.shareOf', { share, n: number(n) });
    }
    return unit === 'times' ? t('alerts.times', { n: number(rounded) }) : number(rounded);
  };
}

/** What a rule says, with its bound: "More than 5% fail". */
export function useRuleWords() {
  const { t } = useTranslation();
  const words = useValueWords();
  return ({ signal, fire_above }: Pick<AlertRule, 'signal' | 'fire_above'>) =>
    t(`alerts.rule.${signal}`, { bound: words(signal, fire_above) });
}

/** What is wrong: the rule's words where there is no better, with the subject. */
export function useAlertTitle() {
  const { t } = useTranslation();
  const words = useValueWords();
  return ({ signal, subject, value }: Alert) =>
    t(`alerts.title.${signal}`, { subject: subject.name, value: words(signal, value) });
}

export const stateTones: Record<AlertRule['state'], Tone> = {
  firing: 'danger',
  pending: 'warning',
  ok: 'success',
  muted: 'neutral',
  no_data: 'neutral',
  off: 'neutral',
};

/** Where somebody acts on an alert. */
export const placeOf = ({ subject, signal }: Alert) => {
  if (signal === 'unanswered') return { to: '/inbox' } as const;
  if (subject.kind === 'team')
    return { to: '/inbox', search: { state: 'open', assignee: 'nobody', team: subject.id } } as const;
  if (subject.kind === 'account')
    return ofAccount.has(signal)
      ? ({ to: '/accounts/$accountId', params: { accountId: subject.id } } as const)
      : ({ to: '/queue' } as const);
  if (subject.kind === 'template') return { to: '/templates/$templateId', params: { templateId: subject.id } } as const;
  return undefined;
};

/** What somebody mends on the page of the account; other signals of accounts are about its queue. */
const ofAccount: ReadonlySet<Alert['signal']> = new Set([
  'account_attention',
  'token_expiry',
  'webhook_routing',
  'limit_lowered',
  'quality',
  'no_gateway',
  'daily_limit',
  'free_messages',
]);
