// Alerts: what fires, what was, the rules, and where alerts go.
import type {
  CreateAlertChannelBody,
  CreateAlertRuleBody,
  RecadoEvent,
  UpdateAlertChannelBody,
  UpdateAlertRuleBody,
  UpdateAlertSettingsBody,
} from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery, readWhole } from './list.ts';

const keys = {
  all: ['alerts'] as const,
  firing: ['alerts', 'firing'] as const,
  past: (ruleId: string | undefined) => ['alerts', 'past', ruleId ?? 'all'] as const,
  rules: ['alerts', 'rules'] as const,
  rule: (id: string) => ['alerts', 'rules', id] as const,
  channels: ['alerts', 'channels'] as const,
  deliveries: ['alerts', 'deliveries'] as const,
  settings: ['alerts', 'settings'] as const,
  mine: ['alerts', 'mine'] as const,
};

/** Values change without an event, once in a round. */
const roundMs = 30_000;

export const staleAlerts = ({ type }: RecadoEvent): QueryKey[] => (type.startsWith('alert.') ? [keys.all] : []);

/** What fires is seen in the title of a hidden tab too. */
export const staleFiring = ({ type }: RecadoEvent): QueryKey[] => (type.startsWith('alert.') ? [keys.firing] : []);

export const firingQuery = queryOptions({
  queryKey: keys.firing,
  queryFn: ({ signal }) => readWhole(recado.alerts.list({ state: 'firing', limit: 100 }, { signal })),
  refetchInterval: roundMs,
});

export const pastQuery = (ruleId?: string) =>
  listQuery(keys.past(ruleId), (query, options) =>
    recado.alerts.list({ state: 'cleared', ...(ruleId && { rule_id: ruleId }), ...query }, options),
  );

export const rulesQuery = queryOptions({
  queryKey: keys.rules,
  queryFn: async ({ signal }) => (await recado.alertRules.list({ signal })).data,
  refetchInterval: roundMs,
});

export const ruleQuery = (id: string) =>
  queryOptions({ queryKey: keys.rule(id), queryFn: ({ signal }) => recado.alertRules.get(id, { signal }) });

export const channelsQuery = queryOptions({
  queryKey: keys.channels,
  queryFn: async ({ signal }) => (await recado.alertChannels.list({ signal })).data,
});

export const deliveriesQuery = listQuery(keys.deliveries, (query, options) =>
  recado.alertChannels.deliveries(query, options),
);

export const settingsQuery = queryOptions({
  queryKey: keys.settings,
  queryFn: ({ signal }) => recado.alertChannels.settings({ signal }),
});

export const myAlertsQuery = queryOptions({
  queryKey: keys.mine,
  queryFn: ({ signal }) => recado.me.getAlerts({ signal }),
});

const all = () => [keys.all];

export const takeAlert = change(
  ({ id, note }: { id: string; note?: string }) => recado.alerts.take(id, note === undefined ? {} : { note }),
  all,
);
export const muteAlert = change(
  ({ id, until }: { id: string; until: string | null }) => recado.alerts.mute(id, { until }),
  all,
);
export const muteAll = change((until: string) => recado.alerts.muteAll({ until }), all);
export const createRule = change((body: CreateAlertRuleBody) => recado.alertRules.create(body), all);
export const updateRule = change(
  ({ id, ...body }: UpdateAlertRuleBody & { id: string }) => recado.alertRules.update(id, body),
  all,
);
export const deleteRule = change((id: string) => recado.alertRules.delete(id), all);
export const createChannel = change((body: CreateAlertChannelBody) => recado.alertChannels.create(body), all);
export const updateChannel = change(
  ({ id, ...body }: UpdateAlertChannelBody & { id: string }) => recado.alertChannels.update(id, body),
  all,
);
export const deleteChannel = change((id: string) => recado.alertChannels.delete(id), all);
export const testChannel = change((id: string) => recado.alertChannels.test(id), all);
export const updateSettings = change((body: UpdateAlertSettingsBody) => recado.alertChannels.changeSettings(body), all);
export const callNow = change((_: null) => recado.alertChannels.ping(), all);
export const setMyAlerts = change(
  (quiet: { from: string; until: string; time_zone: string } | null) => recado.me.setAlerts({ quiet_hours: quiet }),
  all,
);
