// Why something waits for room in a team, and whom it waits for.
import type { Team } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { useFormat } from '../../kit/format.ts';
import { useNow } from '../../kit/use-now.ts';

export function WaitingBanner({ team }: { team: Team }) {
  const { t } = useTranslation();
  const { number, duration, names } = useFormat();
  const now = useNow(30_000);
  const { mode, unassigned, members, waiting_since: since, nobody_online: isEmpty } = team;
  if (unassigned === 0 || (mode === 'manual' && !isEmpty)) return null;
  const full = members.filter(({ status, open, capacity }) => status === 'online' && open >= capacity);
  const away = members.filter(({ status, open, capacity }) => status === 'away' && open < capacity);
  const waits = since === null ? 0 : Math.max(60, Math.floor((now - Date.parse(since)) / 60_000) * 60);
  return (
    <Banner
      tone="warning"
      title={t(isEmpty ? 'here.nobodyOnline' : 'teams.waitsForRoom', {
        ...{ count: unassigned, shown: number(unassigned), name: team.name },
      })}
      action={
        <Link to="/inbox" search={{ state: 'open', assignee: 'nobody', team: team.id }}>
          {t('teams.giveByHand')}
        </Link>
      }
    >
      {[
        full.length > 0 && t('teams.full', { count: full.length, names: names(full.map(({ name }) => name)) }),
        away.length > 0 && t('teams.awayWithRoom', { count: away.length, names: names(away.map(({ name }) => name)) }),
        waits > 0 && t('teams.oldest', { time: duration(waits) }),
      ]
        .filter(Boolean)
        .join(' ')}
    </Banner>
  );
}
