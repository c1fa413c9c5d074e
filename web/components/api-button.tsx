// `</>`: the same as this page does, as curl and with the SDK.
import { CodeXml } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { CodeBlock } from './code.tsx';
import { Dialog } from './dialog.tsx';

export interface ApiExample {
  method: string;
  path: string;
  body?: object;
  /** A file that goes as a form. */
  file?: string;
  /** Lines of TypeScript that use `recado`. */
  sdk: string;
  /** Only with the session of a person: API keys are rejected. */
  personOnly?: boolean;
}

const inShell = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function curlOf({ method, path, body, file, personOnly }: ApiExample): string {
  return [
    `curl${method === 'GET' || file ? '' : ` -X ${method}`} "$RECADO${path}"`,
    `-H "Authorization: Bearer ${personOnly ? '$TOKEN' : '$KEY'}"`,
    ...(body ? ["-H 'Content-Type: application/json'", `-d ${inShell(JSON.stringify(body, undefined, 2))}`] : []),
    ...(file ? [`-F file=@${file}`] : []),
  ].join(' \\\n  ');
}

const sdkOf = ({ sdk, personOnly }: ApiExample) =>
  `import { Recado } from '@recado/client';\n\nconst recado = new Recado({ url: '${location.origin}', token: ${personOnly ? 'accessToken' : 'key'} });\n\n${sdk}`;

export function ApiButton({ example }: { example: ApiExample }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton icon={CodeXml} kind="line" label={t('api.label')} onClick={() => setOpen(true)} />
      <Dialog open={open} onClose={() => setOpen(false)} title={t('api.title')} wide>
        <p>{t(example.personOnly ? 'api.forPeople' : 'api.forPrograms')}</p>
        <CodeBlock tabs={{ curl: `RECADO=${location.origin}\n${curlOf(example)}`, TypeScript: sdkOf(example) }} />
        <p>
          <a href="/docs" target="_blank" rel="noreferrer" className="link">
            {t('api.docs')}
          </a>
        </p>
      </Dialog>
    </>
  );
}
