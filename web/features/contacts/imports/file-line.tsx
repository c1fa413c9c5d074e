// The file of an import: its name, how it is read, and its size.
import type { Import } from '@recado/client';
import { importDelimiters, importEncodings } from '@recado/contract';
import { FileSpreadsheet } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { Field, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { updateImport } from '../../../data/imports.ts';
import { useBytes } from '../../../kit/bytes.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { useChange } from '../../../kit/use-action.ts';
import { encodingNames } from './words.ts';

interface Props {
  given: Import;
  /** After the file is read anew. Undefined where it can no longer be. */
  onReread?: (() => void) | undefined;
}

export function FileLine({ given, onReread }: Props) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const bytes = useBytes();
  const [isChanging, setChanging] = useState(false);
  const { file, counts } = given;
  const how = [
    encodingNames[file.encoding],
    t(`imports.file.by.${file.delimiter}`),
    t(file.header ? 'imports.file.withHeader' : 'imports.file.withoutHeader'),
  ];
  const size = [...(counts.rows > 0 ? [t('imports.file.rows', { count: counts.rows })] : []), bytes(file.bytes)];
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-13 text-muted">
      <span className="flex min-w-0 items-center gap-4 max-md:basis-full">
        <FileSpreadsheet size={16} strokeWidth={1.75} className="flex-none" aria-hidden="true" />
        <bdi className="cut font-strong text-text">{given.name}</bdi>
      </span>
      <span>{list(how)}</span>
      <span className="num">{list(size)}</span>
      {onReread && <LinkButton onClick={() => setChanging(true)}>{t('imports.file.change')}</LinkButton>}
      {isChanging && onReread && <FileDialog given={given} onClose={() => setChanging(false)} onReread={onReread} />}
    </div>
  );
}

interface DialogProps {
  given: Import;
  onClose: () => void;
  onReread: () => void;
}

function FileDialog({ given, onClose, onReread }: DialogProps) {
  const { t } = useTranslation();
  const update = useChange(updateImport);
  const { file } = given;
  const { form, input, errors, busy } = useForm({
    start: { encoding: file.encoding as string, delimiter: file.delimiter as string, header: String(file.header) },
    async send({ encoding, delimiter, header }) {
      await update({
        id: given.id,
        encoding: importEncodings.find(each => each === encoding),
        delimiter: importDelimiters.find(each => each === delimiter),
        header: header === 'true',
      });
      onClose();
      onReread();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('imports.file.changeTitle')}
      submit={t('imports.file.save')}
      form={form}
      busy={busy}
      intro={<p>{t('imports.file.changeWords')}</p>}
    >
      <Field label={t('imports.file.encoding')} error={errors.encoding ?? errors.form}>
        <Select {...input('encoding')}>
          {importEncodings.map(each => (
            <option key={each} value={each}>
              {encodingNames[each]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('imports.file.delimiter')} error={errors.delimiter}>
        <Select {...input('delimiter')}>
          {importDelimiters.map(each => (
            <option key={each} value={each}>
              {t(`imports.file.by.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('imports.file.header')} error={errors.header}>
        <Select {...input('header')}>
          <option value="true">{t('imports.file.headerIs')}</option>
          <option value="false">{t('imports.file.headerIsNot')}</option>
        </Select>
      </Field>
    </FormDialog>
  );
}
