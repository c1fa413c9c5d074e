// The foot of the list where several people work: what I chose to be, and who else is here.
import type { Availability, Team } from '@recado/client';
import { CalendarClock, ChevronUp, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Face, Here } from '../../../components/here.tsx';
import { Menu, MenuItem, MenuLabel, MenuRule } from '../../../components/menu.tsx';
import { setAvailability, useAvailability, useMyAvailability, useTeams } from '../../../data/teams.ts';
import { useFormat } from '../../../kit/format.ts';
import { toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { presets } from '../composer/schedule/moments.ts';

const statuses = ['online', 'away', 'offline'] as const satisfies Availability['status'][];
const mostFaces = 5;

export function HereBar() {
  const { t } = useTranslation();
  const mine = useMyAvailability();
  const everybody = useAvailability();
  if (!mine) return null;
  const others = everybody.filter(({ person_id }) => person_id !== mine.person_id);
  return (
    <footer className="mt-auto flex min-h-11 flex-none items-center gap-2 border-t border-border bg-surface px-4">
      <HereMenu mine={mine} />
      <ul aria-label={t('here.others')} className="ms-auto flex flex-none gap-1.5">
        {others.slice(0, mostFaces).map(({ person_id, name, status }) => (
          <li key={person_id} className="flex">
            <Face name={name} status={status} />
          </li>
        ))}
      </ul>
    </footer>
  );
}

function HereMenu({ mine }: { mine: Availability }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const teams = useTeams();
  const change = useChange(setAvailability);
  const { name, status, until, follows_hours: follows } = mine;
  const choose = (wanted: Availability['status'], end: string | null) =>
    void change({ status: wanted, until: end }).catch(toastError);
  const follow = () =>
    void change(follows ? { status, until, follows_hours: false } : { follows_hours: true }).catch(toastError);
  const ofMine = teams.filter(({ members }) => members.some(member => member.person_id === mine.person_id));
  return (
    <Menu
      label={t('here.title')}
      isLong
      trigger={
        <button
          type="button"
          className="flex h-control min-w-0 items-center gap-2 rounded-control px-1 text-13 hover:bg-hover"
        >
          <span aria-hidden="true" className="flex">
            <Face name={name} status={status} isNamed />
          </span>
          <b className="font-strong">{t(`here.${status}`)}</b>
          {(until !== null || follows) && (
            <span className="cut text-muted">
              {until === null ? t('here.byHours') : t('here.until', { when: moment(new Date(until)).words })}
            </span>
          )}
          <span className="sr-only">{t('here.change')}</span>
          <ChevronUp size={14} aria-hidden="true" className="flex-none text-faint" />
        </button>
      }
    >
      <MenuLabel>{t('here.you')}</MenuLabel>
      {statuses.map(each => (
        <MenuItem
          key={each}
          mark={<Here status={each} />}
          why={t(`here.words.${each}`)}
          isChosen={each === status}
          onSelect={() => choose(each, null)}
        >
          {t(`here.${each}`)}
        </MenuItem>
      ))}
      {(follows || ofMine.some(({ hours }) => hours !== null)) && (
        <MenuItem icon={CalendarClock} why={t('here.followWords')} isChosen={follows} onSelect={follow}>
          {t('here.follow')}
        </MenuItem>
      )}
      <MenuRule />
      <MenuLabel>{t('here.untilWhen', { status: t(`here.${status}`) })}</MenuLabel>
      {presets(new Date()).map(({ name: preset, at }) => (
        <MenuItem key={preset} icon={Clock} end={moment(at).words} onSelect={() => choose(status, at.toISOString())}>
          {t(`composer.schedule.preset.${preset}`)}
        </MenuItem>
      ))}
      {ofMine.map(({ id, name: team, open_until: end }) => {
        const at = end === null ? undefined : new Date(end);
        if (!at || at.getTime() <= Date.now()) return null;
        return (
          <MenuItem key={id} icon={Clock} end={moment(at).words} onSelect={() => choose(status, at.toISOString())}>
            {t('here.asCloses', { name: team })}
          </MenuItem>
        );
      })}
      {ofMine.map(team => (
        <TeamPart key={team.id} team={team} me={mine.person_id} />
      ))}
    </Menu>
  );
}

/** The others of a team, with how much each has. */
function TeamPart({ team, me }: { team: Team; me: string }) {
  const { t } = useTranslation();
  const { number, moment } = useFormat();
  return (
    <>
      <MenuRule />
      <MenuLabel>{t('here.team', { name: team.name, open: team.open, unassigned: team.unassigned })}</MenuLabel>
      {team.members
        .filter(({ person_id }) => person_id !== me)
        .map(({ person_id, name, status, until, open, capacity }) => (
          <MenuItem
            key={person_id}
            isOff
            mark={<Face name={name} status={status} isNamed />}
            end={
              status !== 'online' && until !== null
                ? t('here.until', { when: moment(new Date(until)).words })
                : t('gauge.of', { used: number(open), limit: number(capacity) })
            }
            onSelect={() => {}}
          >
            <bdi>{name}</bdi>
          </MenuItem>
        ))}
    </>
  );
}
