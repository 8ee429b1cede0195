// A sentence of the node in which the runs that it names can be followed.
import {Link} from '@tanstack/react-router';

const RUN_ID = /(run_[0-9a-f]{32})/;

export function Sentence({text}: {text: string}) {
  return text.split(RUN_ID).map((part, at) =>
    RUN_ID.test(part) ? (
      <Link key={at} className="link font-mono underline" to="/runs/$run" params={{run: part}}>{part}</Link>
    ) : (
      part
    ),
  );
}
