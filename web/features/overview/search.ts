// What the overview shows, as it is in the address.

export const periods = ['today', 'week', 'month', 'custom'] as const;
export type Period = (typeof periods)[number];

/** The figures that the chart can draw. */
export const metrics = ['sent', 'received', 'delivered', 'read', 'failed'] as const;
export type Metric = (typeof metrics)[number];

/** What the card of groups can be by. */
export const cardGroupings = ['template', 'campaign', 'sender', 'country'] as const;
export type CardGrouping = (typeof cardGroupings)[number];

export interface OverviewSearch {
  account?: string | undefined;
  period?: Period | undefined;
  /** The first and the last day of a custom period. */
  from?: string | undefined;
  until?: string | undefined;
  metric?: Metric | undefined;
  groups?: CardGrouping | undefined;
}

const day = (given: unknown) =>
  typeof given === 'string' && /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(Date.parse(given)) ? given : undefined;

/** Keeps what is valid. A custom period without its days is today. */
export function overviewSearch(given: Record<string, unknown>): OverviewSearch {
  const [from, until] = [day(given.from), day(given.until)];
  const period = periods.find(each => each === given.period);
  const isCustom = period === 'custom' && from !== undefined && until !== undefined && from <= until;
  return {
    account: typeof given.account === 'string' && given.account !== '' ? given.account : undefined,
    period: period === 'custom' && !isCustom ? undefined : period,
    from: isCustom ? from : undefined,
    until: isCustom ? until : undefined,
    metric: metrics.find(each => each === given.metric),
    groups: cardGroupings.find(each => each === given.groups),
  };
}
