// A field for a secret, with an eye that shows what is typed.
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { IconButton } from './button.tsx';
import { Input } from './field.tsx';

export function SecretInput({ className, ...rest }: Omit<ComponentProps<typeof Input>, 'type'>) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input
        dir="ltr"
        spellCheck={false}
        autoCapitalize="none"
        {...rest}
        type={isShown ? 'text' : 'password'}
        className={cx('pe-10!', className)}
      />
      <span className="absolute inset-y-0 end-0.5 flex items-center">
        <IconButton
          icon={isShown ? EyeOff : Eye}
          size="small"
          label={t(isShown ? 'form.hide' : 'form.show')}
          onClick={() => setShown(!isShown)}
        />
      </span>
    </span>
  );
}
