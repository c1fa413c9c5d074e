// A chart with its title, and the buttons that show it as a table and save it as CSV.
import { ChartLine, Download, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../../kit/save-file.ts';
import { IconButton } from '../button.tsx';
import { Card, CardBody, CardHead, Table } from '../surfaces.tsx';
import { csvOf, type Figures } from './figures.ts';
import './charts.css';

interface ToolProps {
  figures: Figures;
  /** The name of the file, without its ending. */
  file: string;
  asTable: boolean;
  onTable: (asTable: boolean) => void;
}

/** The buttons at the head of a chart. */
function ChartTools({ figures, file, asTable, onTable }: ToolProps) {
  const { t } = useTranslation();
  return (
    <span className="flex gap-0.5">
      <IconButton
        size="small"
        icon={asTable ? ChartLine : Table2}
        label={t(asTable ? 'chart.asChart' : 'chart.asTable')}
        onClick={() => onTable(!asTable)}
      />
      <IconButton
        size="small"
        icon={Download}
        label={t('chart.csv')}
        onClick={() => saveFile(`${file}.csv`, csvOf(figures), 'text/csv')}
      />
    </span>
  );
}

/** The figures of a chart as a table. */
function FigureTable({ figures, title }: { figures: Figures; title: string }) {
  const { t } = useTranslation();
  const { of, columns, rows } = figures;
  return (
    <div className="figures max-h-96 overflow-y-auto">
      <Table label={t('chart.table', { title })} bare short>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className="end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              {columns.map((column, place) => {
                const value = values[place] ?? null;
                return (
                  <td key={column.name} className="end" data-label={column.name}>
                    {value === null ? '' : column.format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

interface CardProps {
  title: string;
  /** Beside the title: how much it is of, or a link. */
  note?: ReactNode;
  figures: Figures;
  file: string;
  className?: string;
  /** The chart goes to the edges of the card, such as a table. */
  isBare?: boolean;
  children: ReactNode;
}

interface SectionProps {
  /** What the chart shows. */
  title: string;
  figures: Figures;
  file: string;
  children: ReactNode;
}

/** A chart within a card that has more. */
export function ChartSection({ title, figures, file, children }: SectionProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <div className="px-4 pt-3 pb-5 md:px-5">
      <div className="mb-2 flex items-center justify-between gap-3">
        <span className="text-13 text-muted">{title}</span>
        <ChartTools figures={figures} file={file} asTable={asTable} onTable={setAsTable} />
      </div>
      {asTable ? <FigureTable figures={figures} title={title} /> : children}
    </div>
  );
}

export function ChartCard({ title, note, figures, file, className, isBare = false, children }: CardProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Card aria-label={title} className={className}>
      <CardHead title={title}>
        {note}
        <ChartTools figures={figures} file={file} asTable={asTable} onTable={setAsTable} />
      </CardHead>
      {asTable ? <FigureTable figures={figures} title={title} /> : isBare ? children : <CardBody>{children}</CardBody>}
    </Card>
  );
}
