// An id with a button that copies it.
import { CopyButton } from '../../../components/code.tsx';

export const CopyId = ({ id }: { id: string }) => (
  <span className="flex min-w-0 items-center gap-1">
    <bdi dir="ltr" className="cut font-mono text-12" title={id}>
      {id}
    </bdi>
    <span className="-my-1.5 flex">
      <CopyButton text={id} />
    </span>
  </span>
);
