// A campaign in words: its state, when it sends, and its message.
import type { Campaign } from '@recado/client';
import type { CampaignState } from '@recado/contract';
import {
  AlarmClockOff,
  Ban,
  CalendarClock,
  CircleCheck,
  CirclePause,
  LoaderCircle,
  type LucideIcon,
  Pause,
  PencilLine,
  Play,
  UserCheck,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Pill, type Tone } from '../../components/marks.tsx';
import type { Counts } from '../../components/strip.tsx';
import { useFormat } from '../../kit/format.ts';
import { messagesOf } from './messages.ts';

const looks: Record<CampaignState, { tone: Tone; icon: LucideIcon }> = {
  draft: { tone: 'neutral', icon: PencilLine },
  scheduled: { tone: 'neutral', icon: CalendarClock },
  missed: { tone: 'warning', icon: AlarmClockOff },
  preparing: { tone: 'accent', icon: LoaderCircle },
  running: { tone: 'accent', icon: Play },
  paused: { tone: 'neutral', icon: Pause },
  held: { tone: 'warning', icon: CirclePause },
  done: { tone: 'neutral', icon: CircleCheck },
  cancelled: { tone: 'neutral', icon: Ban },
};

/** Whether a second person was asked to approve the draft and has not done so, or its list is held for an approval. */
export const waitsForApproval = ({
  state,
  reason,
  approval,
}: Pick<Campaign, 'state' | 'reason' | 'approval'>): boolean =>
  state === 'draft'
    ? approval.asked_by !== null && approval.approved_by === null
    : state === 'held' && reason?.code === 'approval_needed';

export function StatePill({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  if (waitsForApproval(campaign))
    return (
      <Pill tone="info" icon={UserCheck}>
        {t('campaigns.waitsForApproval')}
      </Pill>
    );
  const { tone, icon } = looks[campaign.state];
  return (
    <Pill tone={tone} icon={icon}>
      {t(`campaigns.state.${campaign.state}`)}
    </Pill>
  );
}

/** The counts of a campaign as a strip shows them; undefined until its list is prepared. */
export function stripOf({ counts }: Pick<Campaign, 'counts'>): Counts | undefined {
  if (!counts) return undefined;
  const { waiting, sending, unknown, sent, delivered, read, failed, cancelled } = counts;
  return { waiting, sending, sent, delivered, read, failed, left: cancelled, unknown };
}

/** The name of its template, or the beginning of its text; undefined without a message. */
export function gistOf(campaign: Pick<Campaign, 'variants'>): { template: string } | { text: string } | undefined {
  const [message] = messagesOf(campaign);
  if (message?.template) return { template: message.template.name };
  return message?.text ? { text: message.text.body } : undefined;
}

/** A date and time without a zone, like 2026-12-01T10:00. */
export function useLocalWords(): (local: string) => string {
  const { moment } = useFormat();
  // Read as a time of the browser, it is written as it stands.
  return local => moment(new Date(local)).words;
}

/** When it sends, in few words. */
export function useWhenWords(): (campaign: Campaign) => string {
  const { t } = useTranslation();
  const { moment, when, day } = useFormat();
  const localWords = useLocalWords();
  return campaign => {
    const { state, start, start_at, started_at, ended_at, state_at, updated_at, reason } = campaign;
    const since = (at: string) => t('campaigns.when.since', { when: when(at) });
    switch (state) {
      case 'draft':
        return waitsForApproval(campaign)
          ? t('campaigns.when.asked', { when: when(campaign.approval.asked_at ?? updated_at) })
          : t('campaigns.when.changed', { when: when(updated_at) });
      case 'scheduled':
        if (start.local) return t('campaigns.when.there', { when: localWords(start.local) });
        return moment(new Date(start_at ?? state_at)).words;
      case 'held':
        if (reason?.until) return t('campaigns.when.until', { when: moment(new Date(reason.until)).words });
        return since(state_at);
      case 'running':
        return since(started_at ?? state_at);
      case 'done':
      case 'cancelled':
        return day(ended_at ?? state_at);
      default:
        return since(state_at);
    }
  };
}
