// What storing the text would change, as the server plans it: definitions, and fires added and removed.
import type {Schemas} from '@/api/client';
import {Badge, type Tone} from '@/components/state';
import {Time} from '@/components/time';
import type {ApplyResult} from '../jobs/queries';

type Applied = Schemas['AppliedDefinition'];

const TONES: Record<NonNullable<Applied['effect']>, Tone> = {
  created: 'good', updated: 'warn', unchanged: 'dim', deleted: 'bad',
};

export function Plan({plan}: {plan: ApplyResult}) {
  return (
    <ul aria-label="Plan" className="flex flex-col gap-4 text-sm">
      {plan.items?.map((item) => (
        <li key={`${item.kind}${item.name}`} className="flex flex-col gap-2">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-medium">
              {item.kind} {item.name}
            </span>
            <Badge tone={TONES[item.effect ?? 'unchanged']}>{item.effect}</Badge>
            {item.schedules?.map((schedule) => (
              <span key={schedule.words} className="text-dim">
                {schedule.words}
              </span>
            ))}
          </p>
          {Boolean(item.changes?.length) && <Changes changes={item.changes ?? []} />}
          {item.forecast && <Fires forecast={item.forecast} />}
        </li>
      ))}
    </ul>
  );
}

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function Changes({changes}: {changes: readonly Schemas['Change'][]}) {
  return (
    <dl className="flex flex-col gap-1 rounded-md bg-sunken p-2 font-mono text-xs">
      {changes.map(({pointer, before, after}) => (
        <div key={pointer}>
          <dt className="text-dim">{pointer?.slice(1).replaceAll('/', '.')}</dt>
          {before !== undefined && <dd className="break-all whitespace-pre-wrap text-bad">- {written(before)}</dd>}
          {after !== undefined && <dd className="break-all whitespace-pre-wrap text-good">+ {written(after)}</dd>}
        </div>
      ))}
    </dl>
  );
}

function Fires({forecast}: {forecast: Schemas['Forecast']}) {
  return (
    <div className="flex flex-col gap-2">
      <FireList title="Fires added" sign="+" look="text-good" fires={forecast.added} />
      <FireList title="Fires removed" sign="-" look="text-bad" fires={forecast.removed} />
      {forecast.until && (
        <p className="text-xs text-dim">
          Counted until <Time at={forecast.until} show="full" />.
        </p>
      )}
      {forecast.clock?.map((note) => (
        <p key={note.text} className={`text-xs ${note.surprise ? 'text-warn' : 'text-dim'}`}>
          {note.text}
        </p>
      ))}
    </div>
  );
}

function FireList({title, sign, look, fires}: {title: string; sign: string; look: string; fires: Schemas['FireChanges'] | undefined}) {
  const count = fires?.count ?? 0;
  if (count === 0) return null;
  const shown = fires?.first ?? [];
  return (
    <div>
      <p className="text-xs text-dim">
        {title}: {count}
      </p>
      <ul className={`tabular text-xs ${look}`}>
        {shown.map((fire) => (
          <li key={`${fire.at}${fire.schedule}`}>
            {sign} {fire.local?.replace('T', ' ')}
          </li>
        ))}
        {count > shown.length && <li>{`${sign} and ${count - shown.length} more`}</li>}
      </ul>
    </div>
  );
}
