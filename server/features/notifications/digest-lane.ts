// The lane of a person's e-mail: lists in one letter the mentions that they have not read for a while.
import type { Claim, Job, LaneKind } from '../../engine/lane.ts';
import type { Database } from '../../kit/db/database.ts';
import { presenterFor } from '../../kit/http/masking.ts';
import type { Clock } from '../../kit/time.ts';
import type { Mailer } from '../../ports/mail.ts';
import * as digests from './digest-store.ts';
import { findSetting } from './store.ts';

export interface DigestNeeds {
  db: Database;
  clock: Clock;
  mailer: Mailer;
  /** The address of the app, for the link. */
  baseUrl: () => string;
}

/** The pause after a letter that the mail server did not take. */
const pauseMs = 5 * 60_000;
const mostLines = 20;

/** The lane kind of letters about mentions; its key is a workspace and a person. */
export function digestLane({ db, clock, mailer, baseUrl }: DigestNeeds): LaneKind {
  const now = () => new Date(clock.now());

  async function claim(key: string): Promise<Claim> {
    const [workspaceId = '', personId = ''] = key.split(' ');
    const mentions = await digests.takeDue(db, workspaceId, personId, now());
    const jobs = mentions.length > 0 ? [jobOf(workspaceId, personId, mentions)] : [];
    return { jobs, waitMs: undefined, more: false };
  }

  const jobOf = (workspaceId: string, personId: string, mentions: readonly digests.MentionRow[]): Job => ({
    async run() {
      const reader = await digests.findReader(db, workspaceId, personId);
      if (!reader) return undefined;
      const { content } = await findSetting(db, workspaceId, personId);
      const outcome = await mailer.send({
        to: reader.email,
        subject: `${reader.workspace}: ${countOf(mentions.length)}`,
        text: textOf(content === 'nothing' ? [] : mentions, mentions.length, `${baseUrl()}/notifications`),
      });
      if (outcome !== 'not_now') return undefined;
      await digests.postpone(db, mentions, new Date(clock.now() + pauseMs));
      return pauseMs;
    },
    release: () => digests.postpone(db, mentions, now()),
  });

  return { kind: 'digest', concurrency: 1, claim, due: () => digests.duePeople(db, now()) };
}

const lineOf = ({ by, name, sees_numbers }: digests.MentionRow): string => {
  const about = name === null ? '' : ` about ${presenterFor({ seesNumbers: sees_numbers }).name(name)}`;
  return `${by ?? 'Somebody'} mentioned you in a note${about}.`;
};

function textOf(shown: readonly digests.MentionRow[], count: number, link: string): string {
  const lines = shown.slice(0, mostLines).map(lineOf);
  const rest = count - lines.length;
  if (lines.length === 0) lines.push(`Notes mention you in ${conversations(count)}.`);
  else if (rest > 0) lines.push(`Notes mention you in ${conversations(rest)} more.`);
  const why = 'You have not read it for 15 minutes. Settings, Your notifications, ends these letters.';
  return `${lines.join('\n')}\n\n${link}\n\n${why}\n`;
}

const conversations = (count: number): string => (count === 1 ? '1 conversation' : `${count} conversations`);
const countOf = (count: number): string => `notes mention you in ${conversations(count)}`;
