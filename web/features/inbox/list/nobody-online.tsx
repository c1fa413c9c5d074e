// Teams of the shown list where somebody waits and nobody is online.
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { LinkButton } from '../../../components/button.tsx';
import { setAvailability, useMyTeams, useTeams } from '../../../data/teams.ts';
import { useFormat } from '../../../kit/format.ts';
import { toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import type { InboxPlace } from '../place.ts';

export function NobodyOnline({ place }: { place: InboxPlace }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const teams = useTeams();
  const mine = useMyTeams();
  const change = useChange(setAvailability);
  const { team, assignee } = place.search;
  const shown = team !== undefined ? teams.filter(({ id }) => id === team) : assignee === 'nobody' ? mine : [];
  return shown
    .filter(({ nobody_online }) => nobody_online)
    .map(each => (
      <Banner
        key={each.id}
        flat
        tone="warning"
        title={t('here.nobodyOnline', { count: each.unassigned, shown: number(each.unassigned), name: each.name })}
        action={
          mine.includes(each) && (
            <LinkButton onClick={() => void change({ status: 'online' }).catch(toastError)}>
              {t('here.goOnline')}
            </LinkButton>
          )
        }
      />
    ));
}
