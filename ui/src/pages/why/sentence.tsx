// A sentence of the node in which the runs that it names can be followed, and its instants are those of
// this browser's zone, with the exact ones as their hint.
import {Link} from '@tanstack/react-router';
import {Time} from '@/components/time';

const RUN_ID = /^run_[0-9a-f]{32}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const PARTS = /(run_[0-9a-f]{32}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

export function Sentence({text}: {text: string}) {
  return text.split(PARTS).map((part, at) => {
    if (INSTANT.test(part)) return <Time key={at} at={part} show="absolute" />;
    if (!RUN_ID.test(part)) return part;
    return <Link key={at} className="link font-mono break-all underline" to="/runs/$run" params={{run: part}}>{part}</Link>;
  });
}
