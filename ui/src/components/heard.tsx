// When a node or a worker was heard of last; said to be late once others may take over its work.
import {useNow} from './time';
import {relativeWords} from './time-words';

const LATE_MS = 10_000; // as long as a lease lives: then runs may be given away

/** `isGone`: nothing is expected of it any more. */
export function Heard({at, isGone}: {at: string; isGone: boolean}) {
  const now = useNow();
  const age = Math.max(0, now - Date.parse(at));
  const isLate = !isGone && age > LATE_MS;
  return (
    <span title={at} className={`tabular ${isLate ? 'text-warn' : ''}`}>
      {relativeWords(now - age, now)}
      {isLate ? ' (late)' : ''}
    </span>
  );
}
