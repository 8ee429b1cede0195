// Somebody stored another version meanwhile: both are shown, and one says which goes on.
import {specOf, type Job} from '@/api/queries';
import {Button} from '@/components/button';
import {Panel} from '@/components/page';
import {Time} from '@/components/time';
import {LineDiff} from '../job/line-diff';
import {manifestText} from '../job/manifest-text';

interface ConflictProps {
  job: Job;
  base: number;
  mine: string;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

export function Conflict({job, base, mine, onKeepMine, onTakeTheirs}: ConflictProps) {
  return (
    <Panel
      title={`${job.author ?? 'Somebody'} stored v${job.version} since you began with v${base}`} flush className="border-warn"
    >
      <p className="px-3 pt-2 text-sm">
        Stored <Time at={job.updated_at} show="relative" />. Lines with − are theirs alone, lines with + are yours alone.
      </p>
      <LineDiff label="Theirs and mine" before={manifestText(specOf(job))} after={mine} />
      <div className="flex flex-wrap justify-end gap-2 border-t border-line p-3">
        <Button onClick={onTakeTheirs}>Take theirs, drop mine</Button>
        <Button look="primary" onClick={onKeepMine}>
          Keep mine, on top of v{job.version}
        </Button>
      </div>
    </Panel>
  );
}
