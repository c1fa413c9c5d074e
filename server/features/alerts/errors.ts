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
} as const satisfies ErrorTable;

export const problem = problems(alertErrors);
