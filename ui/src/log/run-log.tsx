// The log of a run, kept current by the live stream.
import {useMemo, useState} from 'react';
import {useLiveConnected, useLiveEvents} from '@/live/live';
import {apiSource} from './api-source';
import {ALL_ATTEMPTS, JoinedSource} from './joined-source';
import {LogView} from './log-view';

export interface RunLogProps {
  run: string;
  /** This attempt, or ALL_ATTEMPTS; else the last one. Chosen here where nobody keeps the choice. */
  attempt?: number;
  onAttempt?: (attempt: number) => void;
  hash?: string;
  onHash?: (hash: string) => void;
}

export function RunLog({run, onAttempt, ...rest}: RunLogProps) {
  const [chosen, setChosen] = useState<number>();
  const attempt = onAttempt ? rest.attempt : chosen;
  const areJoined = attempt === ALL_ATTEMPTS;
  const source = useMemo(() => (areJoined ? new JoinedSource(apiSource(run)) : apiSource(run)), [run, areJoined]);
  const [growth, setGrowth] = useState(0);
  const grow = () => setGrowth((n) => n + 1);
  // The run's own events come too: with the last of them the log is complete, or a retry begins.
  useLiveEvents(
    [`log:${run}`, `run:${run}`],
    (events) => {
      if (events.some((event) => event.subject === run)) grow();
    },
    grow,
  );
  // That a log has grown is said once, to those who listen: it may have grown before this page did.
  useLiveConnected(grow);
  return (
    <LogView
      key={run} source={source} growth={growth} {...rest} attempt={areJoined ? undefined : attempt}
      onAttempt={onAttempt ?? setChosen}
    />
  );
}
