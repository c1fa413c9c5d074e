// What each role may do.
import { roles } from '@recado/contract';
import { Check, Minus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { hasRole, roleLines } from './roles.ts';

export function RolesTable() {
  const { t } = useTranslation();
  return (
    <section className="grid gap-3 lg:max-w-190">
      <h2>{t('roles.title')}</h2>
      <div className="overflow-hidden rounded-card border border-border bg-surface">
        <table className="data-table roles short w-full border-separate border-spacing-0 text-13">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">{t('roles.what')}</span>
              </th>
              {roles.map(role => (
                <th key={role} scope="col" className="w-22 text-center!">
                  {t(`role.${role}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {roleLines.map(([line, permission]) => (
              <tr key={line}>
                <td className="wide small-full">{t(`roles.${line}`)}</td>
                {roles.map(role => (
                  <td key={role} className="role" data-label={t(`role.${role}`)}>
                    {hasRole(role, permission) ? (
                      <Check
                        size={16}
                        strokeWidth={1.75}
                        role="img"
                        aria-label={t('roles.may')}
                        className="text-accent-text"
                      />
                    ) : (
                      <Minus
                        size={16}
                        strokeWidth={1.75}
                        role="img"
                        aria-label={t('roles.mayNot')}
                        className="text-faint"
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
