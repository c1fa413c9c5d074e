// A key at work: a message as curl and programs send it, and a button that sends it from here with the key.
import { Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sendWithKey } from '../../data/keys.ts';
import { useAction } from '../../kit/use-action.ts';
import { useErrorText } from '../../kit/use-error-text.ts';
import { Button } from '../button.tsx';
import { CodeBlock } from '../code.tsx';
import { messageOf, programsFor } from '../programs.ts';

interface Props {
  secret: string;
  accountId: string;
  to: string;
  body: string;
  /** What has to happen before it may be sent. */
  prepare: () => Promise<unknown>;
}

export function TryKey({ secret, prepare, ...message }: Props) {
  const { t } = useTranslation();
  const run = useAction({
    act: async () => {
      await prepare();
      return sendWithKey({ key: secret, message: messageOf(message) });
    },
    quiet: true,
  });
  const failure = useErrorText(run.error);
  return (
    <div className="grid min-w-0 gap-3">
      <CodeBlock tabs={programsFor({ ...message, key: secret })} />
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="line" icon={Play} busy={run.isPending} onClick={() => run.mutate()}>
          {t('api.run')}
        </Button>
        <span className="text-13 text-muted">{t('api.runWords', { to: message.to })}</span>
      </div>
      <div role="status">
        {failure && <p className="text-13 text-danger">{failure}</p>}
        {run.data && (
          <figure className="overflow-hidden rounded-card bg-sunken">
            <figcaption className="px-4 pt-3 text-13 font-medium text-success">{t('api.answer')}</figcaption>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard */}
            <pre tabIndex={0} dir="ltr" className="max-h-72 overflow-auto px-4 pt-2 pb-3.5 text-13/5 text-code">
              {JSON.stringify(run.data, undefined, 2)}
            </pre>
          </figure>
        )}
      </div>
    </div>
  );
}
