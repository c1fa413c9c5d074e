// `?`: the keys of the app.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import { Kbd } from '../../components/marks.tsx';
import type { Place } from './navigation.ts';

export function HelpSheet({ open, onClose, places }: { open: boolean; onClose: () => void; places: Place[] }) {
  const { t } = useTranslation();
  const keys: [string[], string][] = [
    [['⌘', 'K'], t('nav.search')],
    [['?'], t('help.title')],
    ...places.map(({ key, name }): [string[], string] => [['g', key], t(`nav.${name}`)]),
    [['['], t('help.fold')],
    [['F6'], t('help.toasts')],
    [['Esc'], t('help.close')],
  ];
  return (
    <Dialog open={open} onClose={onClose} title={t('help.title')}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2.5">
        {keys.map(([parts, words]) => (
          <Fragment key={words}>
            <dt className="flex gap-1">
              {parts.map(part => (
                <Kbd key={part}>{part}</Kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </Fragment>
        ))}
      </dl>
      <p className="flex flex-wrap gap-4">
        <a className="link" href="/docs" target="_blank" rel="noreferrer">
          {t('api.docs')}
        </a>
      </p>
    </Dialog>
  );
}
