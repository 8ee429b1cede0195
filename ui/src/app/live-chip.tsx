// How the live stream stands, in sight on every page; a press holds it or lets it go on.
import {Icon, type IconName} from '@/components/icons';
import type {LiveStatus} from '@/live/event';
import {useLiveStatus} from '@/live/live';
import {useShortcuts} from './keys';

const LOOKS: Record<LiveStatus, {words: string; icon: IconName; colour: string; means: string}> = {
  connecting: {words: 'Connecting', icon: 'refresh', colour: 'text-dim', means: 'Opening the live stream.'},
  live: {words: 'Live', icon: 'circle', colour: 'text-good', means: 'What you see is current. Press to hold it.'},
  reconnecting: {
    words: 'Reconnecting', icon: 'refresh', colour: 'text-warn',
    means: 'The node does not answer; what you see may be old. This goes on by itself.',
  },
  paused: {words: 'Paused', icon: 'pause', colour: 'text-hold', means: 'What you see stays as it is. Press to go on.'},
  signed_out: {words: 'Signed out', icon: 'alert', colour: 'text-bad', means: 'Sign in again.'},
};

export function LiveChip() {
  const {status, setPaused} = useLiveStatus();
  const look = LOOKS[status];
  const toggle = () => setPaused(status !== 'paused');
  useShortcuts([{keys: 'p', does: 'Hold live updates, or go on', group: 'Anywhere', run: toggle}]);
  return (
    <button
      type="button" onClick={toggle} title={look.means} aria-pressed={status === 'paused'}
      data-live={status}
      className={`inline-flex h-7 items-center gap-1.5 rounded-full border border-line bg-panel px-2.5 text-xs font-medium ${look.colour}`}
    >
      <Icon name={look.icon} className={`size-3 ${status === 'live' ? 'fill-current' : ''}`} />
      <span role="status">{look.words}</span>
    </button>
  );
}
