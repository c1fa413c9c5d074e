// Files that take turns: a commit plays a part of each list, `npm run test:all` plays all. They are slow, and each
// shows something that other files show in a smaller way.
import { isWhole, offset } from './rotation.ts';

/** Killed processes, operator's commands, file stores, links, large tables and floods: a ninth a commit. */
const heavy = [
  'tests/scenarios/backup.test.ts',
  'tests/scenarios/backup-schedule.test.ts',
  'tests/scenarios/links.test.ts',
  'tests/scenarios/reads.test.ts',
  'tests/scenarios/media-messages.test.ts',
  'tests/scenarios/restore-killed.test.ts',
  'tests/scenarios/floods.test.ts',
  'tests/scenarios/backup-media.test.ts',
  'tests/scenarios/media-maintenance.test.ts',
  'tests/scenarios/media-stores.test.ts',
  'tests/scenarios/media-attacks.test.ts',
  'tests/scenarios/media-check.test.ts',
  'tests/scenarios/secrets.test.ts',
  'tests/scenarios/media-killed.test.ts',
  'tests/scenarios/guides.test.ts',
  'tests/scenarios/media-conversion.test.ts',
  'tests/scenarios/operator-commands.test.ts',
  'tests/scenarios/failed-of-account.test.ts',
  'tests/scenarios/link-restart.test.ts',
  'tests/scenarios/link-takeover.test.ts',
  'tests/scenarios/webhook-kills.test.ts',
  'tests/scenarios/campaign-killed.test.ts',
  'tests/scenarios/import-killed.test.ts',
  'tests/scenarios/teams-killed.test.ts',
  'tests/scenarios/realtime-faults.test.ts',
  'tests/scenarios/foreign-database.test.ts',
  'tests/scenarios/dying-server.test.ts',
  'tests/scenarios/lost-commits.test.ts',
  'tests/stores/contract.test.ts',
  'tests/stores/faults.test.ts',
  'tests/faults/short.test.ts',
  'tests/faults/backup.test.ts',
  'tests/faults/disk.test.ts',
];

/** The web app in Chromium: a seventh a commit. */
const browser = [
  'tests/browser/first-run.test.ts',
  'tests/browser/developers.test.ts',
  'tests/browser/hooks.test.ts',
  'tests/browser/queue.test.ts',
  'tests/browser/inbox.test.ts',
  'tests/browser/accounts.test.ts',
  'tests/browser/login.test.ts',
  'tests/browser/team.test.ts',
  'tests/browser/teams.test.ts',
  'tests/browser/views.test.ts',
  'tests/browser/saved-replies.test.ts',
  'tests/browser/search.test.ts',
  'tests/browser/composer.test.ts',
  'tests/browser/look.test.ts',
  'tests/browser/live.test.ts',
  'tests/browser/link.test.ts',
  'tests/browser/self-check.test.ts',
  'tests/browser/settings.test.ts',
  'tests/browser/you.test.ts',
  'tests/browser/workspace.test.ts',
  'tests/browser/templates.test.ts',
  'tests/browser/opt-outs.test.ts',
  'tests/browser/contacts.test.ts',
  'tests/browser/segments.test.ts',
  'tests/browser/campaigns.test.ts',
  'tests/browser/imports.test.ts',
  'tests/browser/notifications.test.ts',
  'tests/browser/overview.test.ts',
  'tests/browser/alerts.test.ts',
  'tests/browser/cost.test.ts',
];

/** Both channels by the same stories, slow scenarios, and requests by chance: a quarter a commit. */
const slow = [
  'tests/scenarios/media.test.ts',
  'tests/scenarios/operators.test.ts',
  'tests/scenarios/deferred.test.ts',
  'tests/scenarios/privacy.test.ts',
  'tests/conformance/web.test.ts',
  'tests/conformance/cloud.test.ts',
  'tests/scenarios/contact-fields.test.ts',
  'tests/scenarios/segment-facts.test.ts',
  'tests/scenarios/passwords.test.ts',
  'tests/scenarios/campaign-restored.test.ts',
  'tests/scenarios/connect-at-meta.test.ts',
  'tests/scenarios/web-messages.test.ts',
  'tests/scenarios/demo.test.ts',
  'tests/limits/limits.test.ts',
  'tests/fuzz/fuzz.test.ts',
  'tests/scenarios/alerts.test.ts',
  'tests/scenarios/webhook-failures.test.ts',
  'tests/scenarios/nodes.test.ts',
  'tests/scenarios/given-up.test.ts',
  'tests/scenarios/campaign-rules.test.ts',
  'tests/scenarios/maintenance.test.ts',
  'tests/scenarios/people.test.ts',
  'tests/scenarios/realtime.test.ts',
  'tests/scenarios/restrictions.test.ts',
  'tests/scenarios/own-errors.test.ts',
  'tests/scenarios/failures.test.ts',
  'tests/scenarios/web-receiving.test.ts',
  'tests/scenarios/push.test.ts',
  'tests/scenarios/recovered.test.ts',
  'tests/scenarios/campaign-quota.test.ts',
  'tests/scenarios/second-factor.test.ts',
  'tests/scenarios/cloud-stories.test.ts',
  'tests/scenarios/quarters.test.ts',
  'tests/scenarios/alert-channels.test.ts',
  'tests/scenarios/sdk-package.test.ts',
];

const outOfTurn = (files: readonly string[], parts: number): string[] =>
  files.filter((_, place) => (place + offset) % parts !== 0);

/** A run of named files plays these, whatever their turn. */
const isOfNamedFiles = process.argv.slice(2).some(arg => !arg.startsWith('-') && /\.test|\//.test(arg));

/** The files that this run leaves out. */
export const leftOut: readonly string[] =
  isWhole || isOfNamedFiles ? [] : [...outOfTurn(heavy, 9), ...outOfTurn(browser, 7), ...outOfTurn(slow, 4)];
