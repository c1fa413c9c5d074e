// The stretches of work on a conversation, the newest first: who closed each and why, and how fast the first answer was.
import type { Conversation, Episode } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { episodesQuery } from '../../../data/conversation-states.ts';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useDayWords } from '../days.ts';
import { Section } from './section.tsx';

export function Episodes({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const days = useDayWords();
  const episodes = useQuery({ ...episodesQuery(conversation), enabled: conversation.episode_id !== null }).data;
  if (!episodes?.length) return null;
  return (
    <Section title={t('inbox.episodes.title')}>
      <ol className="grid gap-3 text-13">
        {episodes.map(episode => (
          <li key={episode.id} className="grid grid-cols-[1.5rem_minmax(0,1fr)_max-content] gap-x-2">
            <span className="num text-muted">{number(episode.number)}</span>
            <Name episode={episode} />
            <span className="num text-muted">{days.short(episode.opened_at)}</span>
            <span className="col-start-2 col-end-4 text-muted">
              <Facts episode={episode} />
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Name({ episode: { closed_at: closedAt, closed_by: by, close_reason: reason } }: { episode: Episode }) {
  const { t } = useTranslation();
  const { tOr } = useTextOr();
  const words =
    closedAt === null
      ? t('inbox.episodes.open')
      : reason === null
        ? t('inbox.episodes.closed')
        : by === null
          ? tOr(`inbox.line.why.${reason}`, reason)
          : reason;
  return <bdi className="cut font-medium">{words}</bdi>;
}

function Facts({ episode }: { episode: Episode }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const { first_response: first, closed_at: closedAt, closed_by: by, opened_at: openedAt, campaign } = episode;
  const facts = [
    by?.name,
    closedAt !== null && duration((Date.parse(closedAt) - Date.parse(openedAt)) / 1_000),
    first && t('inbox.episodes.first', { time: duration(first.seconds) }),
    first?.business_seconds != null &&
      first.business_seconds !== first.seconds &&
      t('inbox.episodes.inHours', { time: duration(first.business_seconds) }),
    campaign && t('inbox.episodes.fromCampaign', { name: campaign.name }),
  ];
  return <bdi>{facts.filter(Boolean).join(' · ')}</bdi>;
}
