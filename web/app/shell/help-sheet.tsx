// `?`: all keys of the app, by the place where they work.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import { Kbd } from '../../components/marks.tsx';
import { useEnterSends } from '../../kit/enter-key.ts';
import { type HotkeyName, hotkeyPlaces, hotkeysAt, keycapsOf } from '../../kit/hotkeys.ts';
import { allPlaces, type Place } from './navigation.ts';

export function HelpSheet({ open, onClose, places }: { open: boolean; onClose: () => void; places: Place[] }) {
  const { t } = useTranslation();
  const enterSends = useEnterSends();
  const isUsed = (name: HotkeyName) => {
    if (name === 'sendByEnter' || name === 'sendNext') return enterSends;
    if (name === 'send') return !enterSends;
    return !allPlaces.some(({ hotkey }) => hotkey === name) || places.some(({ hotkey }) => hotkey === name);
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('help.title')} wide>
      <div className="gap-x-10 md:columns-2">
        {hotkeyPlaces.map(where => (
          <section key={where} className="mb-4 break-inside-avoid">
            <h3 className="mb-2 text-13 font-medium text-text">{t(`help.where.${where}`)}</h3>
            <dl className="grid grid-cols-[minmax(72px,auto)_1fr] items-center gap-x-4 gap-y-2">
              {hotkeysAt(where)
                .filter(isUsed)
                .map(name => (
                  <Fragment key={name}>
                    <dt className="flex gap-1" dir="ltr">
                      {keycapsOf(name).map(cap => (
                        <Kbd key={cap}>{cap}</Kbd>
                      ))}
                    </dt>
                    <dd>{t(`help.key.${name}`)}</dd>
                  </Fragment>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="flex flex-wrap gap-4">
        <a className="link" href="/docs" target="_blank" rel="noreferrer">
          {t('api.docs')}
        </a>
      </p>
    </Dialog>
  );
}
