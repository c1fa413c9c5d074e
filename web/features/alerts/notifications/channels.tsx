// The channels, with their state and a test; and which of them tells what.
import type { AlertChannel } from '@recado/client';
import { alertSeverities } from '@recado/contract';
import { Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Dot, type Health } from '../../../components/marks.tsx';
import { MenuItem } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Card, CardBody, CardHead, Table } from '../../../components/surfaces.tsx';
import { deleteChannel, testChannel, updateChannel } from '../../../data/alerts.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';

export function Channels({ channels }: { channels: readonly AlertChannel[] }) {
  const { t } = useTranslation();
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{t('alerts.channels')}</h2>
      <Table label={t('alerts.channels')}>
        <thead>
          <tr>
            <th scope="col">{t('alerts.channel')}</th>
            <th scope="col">{t('alerts.goesTo')}</th>
            <th scope="col">{t('alerts.state')}</th>
            <th scope="col" className="end">
              {t('alerts.last')}
            </th>
            <th scope="col">
              <span className="sr-only">{t('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {channels.map(channel => (
            <ChannelRow key={channel.id} channel={channel} />
          ))}
        </tbody>
      </Table>
    </section>
  );
}

const healthOf = ({ enabled, works, failing_since }: AlertChannel): Health => {
  if (!enabled) return 'off';
  if (!works) return 'warning';
  return failing_since === null ? 'success' : 'danger';
};

function ChannelRow({ channel }: { channel: AlertChannel }) {
  const { t } = useTranslation();
  const { day, exact } = useFormat();
  const [isDeleting, setIsDeleting] = useState(false);
  const { id, kind, name, target, enabled, works, failing_since, error, last_at } = channel;
  const test = useAction({ ...testChannel, done: t('alerts.tested') });
  const change = useAction({ ...updateChannel, done: t('alerts.changed') });
  const remove = useAction({ ...deleteChannel, onDone: () => setIsDeleting(false) });
  const isBuiltIn = kind === 'app' || kind === 'email';
  const words = isBuiltIn ? t(`alerts.kind.${kind}`) : name;
  const state = () => {
    if (!enabled) return t('alerts.off');
    if (!works) return t('alerts.noMail');
    return failing_since === null
      ? t('alerts.works')
      : t('alerts.fails', { error: error ?? '', day: day(failing_since) });
  };
  return (
    <tr className={enabled ? undefined : 'is-off'}>
      <td className="wide font-medium">{words}</td>
      <td className="small-hidden text-muted">
        <bdi>{kind === 'app' ? t('alerts.everybody') : (target ?? t('alerts.ownersAndAdmins'))}</bdi>
      </td>
      <td className="small-full">
        <span className="inline-flex items-center gap-2">
          <Dot health={healthOf(channel)} />
          {state()}
        </span>
      </td>
      <td className="end text-muted" title={last_at === null ? undefined : exact(last_at)}>
        {last_at === null ? '–' : day(last_at)}
      </td>
      <td className="end">
        <span className="inline-flex items-center gap-1">
          {kind !== 'app' && (
            <Button
              size="small"
              busy={test.isPending}
              aria-label={t('alerts.testOf', { name: words })}
              onClick={() => test.mutate(id)}
            >
              {t('alerts.test')}
            </Button>
          )}
          <RowMenu name={words}>
            <MenuItem icon={Power} onSelect={() => change.mutate({ id, enabled: !enabled })}>
              {t(enabled ? 'alerts.switchOff' : 'alerts.switchOn')}
            </MenuItem>
            {!isBuiltIn && (
              <MenuItem icon={Trash2} danger onSelect={() => setIsDeleting(true)}>
                {t('alerts.deleteChannel')}
              </MenuItem>
            )}
          </RowMenu>
        </span>
        {isDeleting && (
          <ConfirmDialog
            title={t('alerts.deleteChannelTitle', { name })}
            keep={t('alerts.keep')}
            confirm={t('alerts.deleteChannel')}
            busy={remove.isPending}
            onConfirm={() => remove.mutate(id)}
            onClose={() => setIsDeleting(false)}
          >
            <p>{t('alerts.deleteChannelWords')}</p>
          </ConfirmDialog>
        )}
      </td>
    </tr>
  );
}

/** What goes where: a box for each severity and channel. */
export function Matrix({ channels }: { channels: readonly AlertChannel[] }) {
  const { t } = useTranslation();
  const change = useAction(updateChannel);
  // The chosen period shows at once.
  const tellsOf = ({ id, tells }: AlertChannel) =>
    change.isPending && change.variables.id === id ? (change.variables.tells ?? tells) : tells;
  const nameOf = ({ kind, name }: AlertChannel) =>
    kind === 'app' || kind === 'email' ? t(`alerts.kind.${kind}`) : name;
  return (
    <Card>
      <CardHead title={t('alerts.whatWhere')} />
      <CardBody className="overflow-x-auto">
        <table className="w-full text-13" aria-label={t('alerts.whatWhere')}>
          <thead>
            <tr>
              <td />
              {channels.map(channel => (
                <th key={channel.id} scope="col" className="px-2 py-1.5 text-center font-medium text-muted">
                  <span className="cut inline-block max-w-24">{nameOf(channel)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...[...alertSeverities].reverse(), 'cleared' as const].map(tell => (
              <tr key={tell} className="border-t border-border">
                <th scope="row" className="py-2 pe-3 text-start font-regular">
                  {t(`alerts.tell.${tell}`)}
                </th>
                {channels.map(channel => (
                  <td key={channel.id} className="px-2 py-2 text-center">
                    <input
                      type="checkbox"
                      className="check"
                      aria-label={t('alerts.tellBy', { what: t(`alerts.tell.${tell}`), name: nameOf(channel) })}
                      checked={tellsOf(channel).includes(tell)}
                      onChange={({ target }) =>
                        change.mutate({
                          id: channel.id,
                          tells: target.checked
                            ? [...tellsOf(channel), tell]
                            : tellsOf(channel).filter(each => each !== tell),
                        })
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </CardBody>
    </Card>
  );
}
