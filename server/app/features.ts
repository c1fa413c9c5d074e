// All features, from the ground up. A new feature is one more line.
import { hooksOf } from '../features/hooks.ts';
import type { Feature } from './feature.ts';
import { accounts } from './features/accounts.ts';
import { alerts } from './features/alerts.ts';
import { audit } from './features/audit.ts';
import { auth } from './features/auth.ts';
import { backups } from './features/backups.ts';
import { campaigns } from './features/campaigns.ts';
import { contacts } from './features/contacts.ts';
import { conversationJobs } from './features/conversation-jobs.ts';
import { cost } from './features/cost.ts';
import { demo } from './features/demo.ts';
import { events } from './features/events.ts';
import { hooks } from './features/hooks.ts';
import { identity } from './features/identity.ts';
import { imports } from './features/imports.ts';
import { inbound } from './features/inbound.ts';
import { keys } from './features/keys.ts';
import { links } from './features/links.ts';
import { media } from './features/media.ts';
import { messages } from './features/messages.ts';
import { notes } from './features/notes.ts';
import { notifications } from './features/notifications.ts';
import { optOuts } from './features/opt-outs.ts';
import { outcomes } from './features/outcomes.ts';
import { people } from './features/people.ts';
import { privacy } from './features/privacy.ts';
import { realtime } from './features/realtime.ts';
import { replies } from './features/replies.ts';
import { requests } from './features/requests.ts';
import { sandbox } from './features/sandbox.ts';
import { search } from './features/search.ts';
import { segments } from './features/segments.ts';
import { selfCheck } from './features/self-check.ts';
import { sending } from './features/sending.ts';
import { statistics } from './features/statistics.ts';
import { team } from './features/team.ts';
import { templates } from './features/templates.ts';
import { transcripts } from './features/transcripts.ts';
import { views } from './features/views.ts';
import { wallViews } from './features/wall-views.ts';
import { webhooks } from './features/webhooks.ts';
import { workspace } from './features/workspace.ts';

export const features: readonly Feature[] = [
  auth,
  people,
  keys,
  audit,
  requests,
  workspace,
  accounts,
  links,
  segments,
  contacts,
  team,
  views,
  notes,
  search,
  conversationJobs,
  replies,
  privacy,
  media,
  messages,
  transcripts,
  optOuts,
  templates,
  cost,
  imports,
  campaigns,
  sending,
  inbound,
  identity,
  outcomes,
  statistics,
  wallViews,
  sandbox,
  demo,
  events,
  webhooks,
  realtime,
  alerts,
  notifications,
  backups,
  hooks,
  selfCheck,
];

/** Runs the hooks of all features. */
export const runHook = hooksOf(features.flatMap(({ hooks }) => hooks ?? []));
