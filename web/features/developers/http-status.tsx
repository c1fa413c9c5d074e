// The status of an answer, by colour and shape: good, refused, failed.
import { Check, TriangleAlert, X } from 'lucide-react';
import { Pill } from '../../components/marks.tsx';

export function HttpStatus({ status }: { status: number }) {
  const [tone, icon] =
    status >= 500 ? (['danger', X] as const) : status >= 400 ? (['warning', TriangleAlert] as const) : good;
  return (
    <Pill tone={tone} icon={icon}>
      <span className="num">{status}</span>
    </Pill>
  );
}

const good = ['success', Check] as const;
