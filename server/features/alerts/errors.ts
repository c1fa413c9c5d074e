// The errors of alerts.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const alertErrors = {
  alert_not_found: {
    status: 404,
    title: 'Alert not found.',
    remedy: 'List the alerts with `GET /api/v1/alerts`. They are kept for 90 days.',
  },
  alert_cleared: {
    status: 409,
    title: 'The alert is over.',
    remedy: 'Nobody has to take or mute it any more.',
  },
  alert_rule_not_found: {
    status: 404,
    title: 'Alert rule not found.',
    remedy: 'List the rules with `GET /api/v1/alert-rules`.',
  },
  too_many_alert_rules: {
    status: 409,
    title: 'The workspace has 100 alert rules.',
    remedy: 'Delete a rule that you do not need.',
  },
  alert_channel_not_found: {
    status: 404,
    title: 'Alert channel not found.',
    remedy: 'List the channels with `GET /api/v1/alert-channels`. App and e-mail cannot be deleted: switch them off.',
  },
  too_many_alert_channels: {
    status: 409,
    title: 'The workspace has 20 alert channels.',
    remedy: 'Delete a channel that you do not need.',
  },
  alert_link_rejected: {
    status: 400,
    title: 'Recado does not post to this link.',
    remedy:
      'Use a complete https link to a public address, or ask the operator to add its host to `WEBHOOK_ALLOWED_HOSTS`.',
  },
  no_ping_url: {
    status: 409,
    title: 'There is no address to call.',
    remedy: 'Set `ping_url` with `PATCH /api/v1/alert-settings` first.',
  },
} as const satisfies ErrorTable;

export const problem = problems(alertErrors);
