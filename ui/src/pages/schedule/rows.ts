// The agenda as rows: fires of the same job and schedule within an hour share one.
import type {Schemas} from '@/api/client';
import {zonedParts} from '@/components/time-words';

export type AgendaFire = Schemas['AgendaFire'];

export interface AgendaRow {
  key: string;
  /** Day and hour of the row, on its first row only. */
  hour: string;
  at: string;
  /** The last of them. */
  through: string;
  count: number;
  job: string;
  local: string;
  schedule: string;
}

const QUARTER_MS = 900_000; // zones are apart by quarters of an hour

function hourOf(at: number, zone: string): string {
  const wall = zonedParts(at, zone);
  return `${wall.weekday} ${wall.date} ${wall.time.slice(0, 2)}:00 ${wall.zoneName}`;
}

/** Fires in their order, as rows of hours of the zone; what two pages both have counts once. */
export function agendaRows(fires: readonly AgendaFire[], zone: string): AgendaRow[] {
  const rows: AgendaRow[] = [];
  const seen = new Set<string>();
  const open = new Map<string, AgendaRow>(); // of the hour
  const hours = new Map<number, string>(); // by the quarter: asking the zone for each fire takes long
  let hour = '';
  for (const fire of fires) {
    const at = fire.at ?? '';
    const line = `${fire.job}\n${fire.schedule}`;
    if (seen.has(`${at}\n${line}`)) continue;
    seen.add(`${at}\n${line}`);
    const quarter = Math.floor(Date.parse(at) / QUARTER_MS);
    const itsHour = hours.get(quarter) ?? hourOf(quarter * QUARTER_MS, zone);
    hours.set(quarter, itsHour);
    const isNewHour = itsHour !== hour;
    if (isNewHour) open.clear();
    hour = itsHour;
    const row = open.get(line);
    if (row) {
      row.count += 1;
      row.through = at;
      continue;
    }
    const made = {
      key: `${at} ${line}`, hour: isNewHour ? itsHour : '', at, through: at, count: 1,
      job: fire.job ?? '', local: fire.local ?? '', schedule: fire.schedule ?? '',
    };
    open.set(line, made);
    rows.push(made);
  }
  return rows;
}
