// The bar at the bottom: how many are chosen, all that fit, and a label or a list for them.
import { useQuery } from '@tanstack/react-query';
import { ListPlus, ListX, Tag, Tags, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, LinkButton } from '../../../components/button.tsx';
import { LabelMark } from '../../../components/label-pill.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import type { ContactFilter } from '../../../data/contacts.ts';
import { applyLabel, labelsQuery } from '../../../data/labels.ts';
import { useMayEverywhere } from '../../../data/me.ts';
import { changeMembers, segmentsQuery } from '../../../data/segments.ts';
import { useAction } from '../../../kit/use-action.ts';

interface Props {
  chosen: ReadonlySet<string>;
  filter: Omit<ContactFilter, 'sort'>;
  /** All that fit the filter; null if they are too many to count. */
  total: number | null | undefined;
  onClear: () => void;
}

export function SelectionBar({ chosen, filter, total, onClear }: Props) {
  const { t } = useTranslation();
  // A change of the choice ends it: then the chosen ones are meant.
  const [allOf, setAllOf] = useState<ReadonlySet<string>>();
  const isAll = allOf === chosen;
  const labels = useQuery(labelsQuery('contact')).data ?? [];
  const apply = useAction({
    ...applyLabel,
    done: (changed: number) => t('contacts.labelled', { count: changed }),
    onDone: onClear,
  });
  const mayEnlist = useMayEverywhere('contacts.manage');
  const segments = useQuery(segmentsQuery).data ?? [];
  const lists = mayEnlist ? segments.filter(({ kind }) => kind === 'list') : [];
  const inList = lists.find(({ id }) => id === filter.segment_id);
  const enlist = useAction({
    ...changeMembers,
    done: (changed: number) => t('segments.membersAdded', { count: changed }),
    onDone: onClear,
  });
  const delist = useAction({
    ...changeMembers,
    done: (changed: number) => t('segments.membersRemoved', { count: changed }),
    onDone: onClear,
  });
  const meant = () => (isAll ? filter : [...chosen]);
  const act = (id: string, action: 'add' | 'remove') => apply.mutate({ id, action, to: meant() });
  const count = isAll ? (total ?? chosen.size) : chosen.size;
  const menuOf = (action: 'add' | 'remove') => (
    <Menu
      label={t(`contacts.bulk.${action}`)}
      trigger={
        <Button kind={action === 'add' ? 'primary' : 'line'} size="small" icon={action === 'add' ? Tag : Tags}>
          {t(`contacts.bulk.${action}`)}
        </Button>
      }
    >
      {labels.map(label => (
        <MenuItem key={label.id} onSelect={() => act(label.id, action)}>
          <span className="flex items-center gap-2">
            <LabelMark color={label.color} />
            <bdi>{label.name}</bdi>
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
  return (
    <section
      aria-label={t('contacts.selection')}
      className="sticky bottom-18 z-(--z-sticky) mx-auto flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-card bg-raised py-2 ps-4 pe-2 text-13 shadow-float md:bottom-4"
    >
      <b className="num" role="status">
        {t('contacts.chosen', { count })}
      </b>
      {!isAll && total != null && total > chosen.size && (
        <LinkButton onClick={() => setAllOf(chosen)}>{t('contacts.allThatFit', { count: total })}</LinkButton>
      )}
      <span className="flex flex-wrap items-center gap-1">
        {labels.length === 0 ? (
          <span className="text-muted">{t('contacts.noLabels')}</span>
        ) : (
          <>
            {menuOf('add')}
            {menuOf('remove')}
          </>
        )}
        {lists.length > 0 && (
          <Menu
            label={t('segments.addToList')}
            trigger={
              <Button kind="line" size="small" icon={ListPlus}>
                {t('segments.addToList')}
              </Button>
            }
          >
            {lists.map(({ id, name }) => (
              <MenuItem key={id} onSelect={() => enlist.mutate({ id, action: 'add', to: meant() })}>
                <bdi>{name}</bdi>
              </MenuItem>
            ))}
          </Menu>
        )}
        {inList && (
          <Button
            kind="line"
            size="small"
            icon={ListX}
            busy={delist.isPending}
            onClick={() => delist.mutate({ id: inList.id, action: 'remove', to: meant() })}
          >
            {t('segments.removeFromList')}
          </Button>
        )}
        <IconButton icon={X} size="small" label={t('queue.clearSelection')} onClick={onClear} />
      </span>
    </section>
  );
}
