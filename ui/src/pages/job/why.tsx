// Why the job stands as it does, or why it did or did not run at some instant.
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useState} from 'react';
import {Button} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';
import {Loading, Panel} from '@/components/page';
import {whyQuery} from '../jobs/queries';
import {Sentence} from '../why/sentence';

export function Why({job, zone}: {job: string; zone: string}) {
  const [text, setText] = useState('');
  const [at, setAt] = useState('');
  return (
    <Panel title={at ? `Why at ${at.replace('T', ' ')}` : 'How it stands'}>
      <WhyLines job={job} at={at} />
      <form
        className="mt-3 flex items-end gap-2 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          setAt(text);
        }}
      >
        <div className="min-w-0 grow">
          <TextField
            label={`Why did it (not) run at … (${zone})`} type="datetime-local" value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Button type="submit" icon="search">
          Why
        </Button>
      </form>
    </Panel>
  );
}

export function WhyLines({job, at}: {job: string; at: string}) {
  const why = useQuery(whyQuery(job, at));
  if (why.error) return <ErrorPanel error={why.error} what="Could not say why" onRetry={() => void why.refetch()} />;
  if (!why.data) return <Loading />;
  const [answer, ...more] = why.data.lines ?? [];
  return (
    <div className="flex flex-col gap-1 text-sm">
      <p className="font-medium break-words"><Sentence text={answer ?? 'Nothing is known of this instant.'} /></p>
      {more.map((line) => (
        <p key={line} className="break-words text-dim">
          <Sentence text={line} />
        </p>
      ))}
      {why.data.run_id && (
        <Link to="/runs/$run" params={{run: why.data.run_id}} className="link">
          Open the run
        </Link>
      )}
    </div>
  );
}
