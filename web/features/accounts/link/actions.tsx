// What one can do about a link in each state.

import type { Account, Link as AccountLink } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Keyboard, QrCode } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook, LinkButton } from '../../../components/button.tsx';
import { resumeAccount } from '../../../data/accounts.ts';
import { showLink, startLink } from '../../../data/links.ts';
import { useMay } from '../../../data/me.ts';
import { useAction } from '../../../kit/use-action.ts';
import { Consent } from './consent.tsx';
import { PairingForm } from './pairing-form.tsx';
import { UnlinkDialog } from './unlink-dialog.tsx';

export type Method = NonNullable<AccountLink['code']>['method'];

interface Props {
  account: Account;
  link: AccountLink;
}

interface AskProps extends Props {
  /** A code of this method is on its way. */
  onAsked: (method: Method) => void;
}

/** Asks for a fresh QR code. */
function useQr({ id }: Account, accepts: boolean, onAsked: AskProps['onAsked']) {
  const client = useQueryClient();
  return useAction({
    act: () => startLink({ id, method: 'qr', ...(accepts && { accept_risks: true as const }) }),
    onDone(link) {
      onAsked('qr');
      showLink(client, id, link);
    },
  });
}

/** Begins: with a code for the camera, or one to type in. */
export function Begin({ account, link, onAsked }: AskProps) {
  const { t } = useTranslation();
  const needsConsent = link.consented_at === null;
  const [accepted, setAccepted] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const [isPairing, setPairing] = useState(false);
  const qr = useQr(account, needsConsent, onAsked);
  const isAllowed = !needsConsent || accepted;
  const ifAllowed = (act: () => void) => () => (isAllowed ? act() : setMissing(true));
  return (
    <>
      {needsConsent && (
        <Consent
          accepted={accepted}
          onChange={setAccepted}
          error={isMissing && !accepted ? t('link.consent.missing') : undefined}
        />
      )}
      {isPairing && isAllowed ? (
        <PairingForm account={account} accepts={needsConsent} onAsked={onAsked} onClose={() => setPairing(false)} />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" icon={QrCode} busy={qr.isPending} onClick={ifAllowed(() => qr.mutate())}>
            {t(link.linked_at === null && link.state === 'unlinked' ? 'link.action.qr' : 'link.action.again')}
          </Button>
          <Button kind="line" icon={Keyboard} onClick={ifAllowed(() => setPairing(true))}>
            {t('link.action.pairing')}
          </Button>
        </div>
      )}
    </>
  );
}

/** While a code is shown: the other kind of code. */
export function OtherCode({ account, shown, onAsked }: Omit<AskProps, 'link'> & { shown: Method }) {
  const { t } = useTranslation();
  const [isPairing, setPairing] = useState(false);
  const qr = useQr(account, false, onAsked);
  if (isPairing)
    return <PairingForm account={account} accepts={false} onAsked={onAsked} onClose={() => setPairing(false)} />;
  const isQr = shown === 'qr';
  const Icon = isQr ? Keyboard : QrCode;
  return (
    <p className="flex items-center gap-3 px-3 text-muted">
      <span className="grid w-6 flex-none place-items-center">
        <Icon size={16} strokeWidth={1.75} className="text-faint" aria-hidden="true" />
      </span>
      <span>
        {t(isQr ? 'link.other.noCamera' : 'link.other.camera')}{' '}
        <LinkButton
          className="text-start"
          aria-busy={qr.isPending || undefined}
          onClick={() => (isQr ? setPairing(true) : qr.mutate())}
        >
          {t(isQr ? 'link.other.pairing' : 'link.other.qr')}
        </LinkButton>
      </span>
    </p>
  );
}

/** After the phone is linked. */
export function Onward({ account }: Pick<Props, 'account'>) {
  const { t } = useTranslation();
  const mayRead = useMay('messages.read');
  return (
    <div className="flex flex-wrap gap-2">
      {mayRead && (
        <Link to="/inbox" search={{ account: account.id }} className={buttonLook('primary')}>
          {t('link.action.inbox')}
        </Link>
      )}
      <Link to="/accounts/$accountId" params={{ accountId: account.id }} className={buttonLook('line')}>
        {t('link.action.account')}
      </Link>
    </div>
  );
}

/** While the connection is lost, or WhatsApp rejects it: once more now, or an end. */
export function RetryOrEnd({ account }: Pick<Props, 'account'>) {
  const { t } = useTranslation();
  const [isEnding, setEnding] = useState(false);
  const retry = useAction(resumeAccount);
  return (
    <div className="flex flex-wrap gap-2">
      <Button kind="primary" busy={retry.isPending} onClick={() => retry.mutate(account.id)}>
        {t('link.action.retry')}
      </Button>
      <Button kind="line" onClick={() => setEnding(true)}>
        {t('link.unlink.action')}
      </Button>
      {isEnding && <UnlinkDialog account={account} onClose={() => setEnding(false)} />}
    </div>
  );
}
