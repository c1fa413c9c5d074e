// What a delivery says: the title, and the lines below it. What, since when, the first step, and where to look.
import type { AlertRow } from './alert.ts';
import type { News } from './delivery-store.ts';
import { lasting, remedies, titleOf } from './texts.ts';

export interface Letter {
  title: string;
  text: string;
  link: string;
  news: News;
  critical: boolean;
}

const prefix: Readonly<Record<News, string>> = {
  firing: '',
  repeat: 'Still: ',
  unstable: 'Unstable: ',
  cleared: 'Over: ',
  test: '',
};

const lineOf = (alert: AlertRow, news: News, now: Date): string => {
  const lasted = ((alert.cleared_at ?? now).getTime() - alert.began_at.getTime()) / 1_000;
  if (news === 'cleared') return `${titleOf(alert)}: it is over after ${lasting(lasted)}.`;
  const code = typeof alert.detail.code === 'string' ? ` Most frequent code: ${alert.detail.code}.` : '';
  const unstable = news === 'unstable' ? ' It began and ended more than four times in an hour: this is told once.' : '';
  const taken = alert.taken_name === null ? '' : ` ${alert.taken_name} took it.`;
  const note = alert.rule_note === null ? '' : `\n${alert.rule_note}`;
  return `${titleOf(alert)}, for ${lasting(lasted)}.${code}${unstable}${taken}\n${remedies[alert.signal]}${note}`;
};

/** The letter of a delivery about these alerts. */
export function letterOf(alerts: readonly AlertRow[], news: News, base: string, now: Date): Letter {
  if (news === 'test')
    return {
      ...{ title: 'A test of Recado', link: `${base}/alerts`, news, critical: false },
      text: 'Somebody pressed Test. Alerts come here.',
    };
  const [first] = alerts;
  const more = alerts.length > 1 ? ` and ${alerts.length - 1} more` : '';
  return {
    title: `${prefix[news]}${first ? titleOf(first) : 'An alert'}${more}`,
    text: alerts.map(alert => lineOf(alert, news, now)).join('\n\n'),
    link: `${base}/alerts`,
    news,
    critical: alerts.some(({ severity }) => severity === 'critical'),
  };
}
