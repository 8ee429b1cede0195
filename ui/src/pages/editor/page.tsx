// Writes a job: the YAML and a form of the common fields, two views of one text; the server checks it
// while it is written, and says what storing it would change.
import {useQuery} from '@tanstack/react-query';
import {useBlocker, useNavigate, useSearch} from '@tanstack/react-router';
import {lazy, Suspense, useRef, useState} from 'react';
import {jobQuery, specOf, type Job} from '@/api/queries';
import {useMay} from '@/api/session';
import {useShortcuts} from '@/app/keys';
import {Button} from '@/components/button';
import {confirm} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {Icon} from '@/components/icons';
import {Empty, Loading, Page, Panel} from '@/components/page';
import {useLive} from '@/live/live';
import {manifestText} from '../job/manifest-text';
import {Conflict} from './conflict';
import type {Mistake} from './document';
import {CommonFields} from './form';
import {SaveDialog} from './save';
import {ScheduleEditor} from './schedule-editor';
import {useCheck} from './use-check';

const YamlEditor = lazy(() => import('./yaml-editor'));

const TEMPLATE = `name: hello
command: echo hello
schedule:
  cron: "*/15 * * * *"
  timezone: ${Intl.DateTimeFormat().resolvedOptions().timeZone}
`;

export default function EditorPage() {
  useLive('jobs');
  const {job: name} = useSearch({from: '/editor'});
  const mayAdminister = useMay('admin');
  const job = useQuery({...jobQuery(name ?? ''), enabled: name !== undefined});
  if (!mayAdminister) {
    return (
      <Page title={name ? `Edit ${name}` : 'New job'}>
        <Empty title="Only administrators write jobs">Ask one for a token with the role admin, and sign in with it.</Empty>
      </Page>
    );
  }
  if (name === undefined) return <Editor key="" job={undefined} />;
  if (job.error && !job.data) {
    return (
      <Page title={`Edit ${name}`}>
        <ErrorPanel error={job.error} what={`Could not load ${name}`} onRetry={() => void job.refetch()} />
      </Page>
    );
  }
  return job.data ? <Editor key={name} job={job.data} /> : <Loading />;
}

function Editor({job}: {job: Job | undefined}) {
  const navigate = useNavigate();
  const begun = useRef(job ? manifestText(specOf(job)) : TEMPLATE);
  const [text, setText] = useState(begun.current);
  const [base, setBase] = useState(job?.version);
  const [isSaving, setSaving] = useState(false);
  const isSaved = useRef(false);
  const check = useCheck(text);
  const isChanged = text !== begun.current;
  useBlocker({
    shouldBlockFn: async () => isChanged && !isSaved.current && !(await mayLeave()),
    enableBeforeUnload: () => isChanged && !isSaved.current,
  });
  const done = (name: string) => {
    isSaved.current = true;
    void navigate({to: '/jobs/$job', params: {job: name}});
  };
  const canReview = check.plan !== undefined && (isChanged || !job);
  const review = () => canReview && setSaving(true);
  useShortcuts([{keys: 'mod+s', does: 'Review and save', group: 'This page', run: review}]);
  return (
    <Page
      title={job ? `Edit ${job.name}` : 'New job'} about={job ? `From v${base}` : 'In YAML or by the form: each shows what the other says.'}
      actions={
        <>
          <Button onClick={() => void navigate(job ? {to: '/jobs/$job', params: {job: job.name ?? ''}} : {to: '/jobs'})}>
            Leave
          </Button>
          <Button look="primary" icon="check" disabled={!canReview} onClick={review}>
            Review and save
          </Button>
        </>
      }
    >
      {job && base !== undefined && job.version !== base && (
        <Conflict
          job={job} base={base} mine={text}
          onKeepMine={() => setBase(job.version)}
          onTakeTheirs={() => {
            begun.current = manifestText(specOf(job));
            setText(begun.current);
            setBase(job.version);
          }}
        />
      )}
      <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,3fr)_minmax(320px,2fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <Panel title="YAML" flush>
            <div className="h-[min(60dvh,36rem)]">
              <Suspense fallback={<Loading what="Loading the editor" />}>
                <YamlEditor text={text} onChange={setText} schema={check.schema} mistakes={check.mistakes} />
              </Suspense>
            </div>
          </Panel>
          <Verdict mistakes={check.mistakes} error={check.error} isChecked={check.isChecked} />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <Panel title="Common fields">
            <CommonFields text={text} onChange={setText} />
          </Panel>
          <Panel title="Schedule">
            <ScheduleEditor text={text} onChange={setText} />
          </Panel>
        </div>
      </div>
      {isSaving && check.plan && (
        <SaveDialog job={job} base={base} text={text} plan={check.plan} onClose={() => setSaving(false)} onSaved={done} />
      )}
    </Page>
  );
}

function mayLeave(): Promise<boolean> {
  return confirm({
    title: 'Leave without saving?', text: 'What you changed here is lost then.', action: 'Throw 1 change away',
    isDestructive: true,
  });
}

function Verdict({mistakes, error, isChecked}: {mistakes: readonly Mistake[]; error: unknown; isChecked: boolean}) {
  if (mistakes.length > 0) {
    return (
      <ul aria-label="Mistakes" className="rounded-md border border-bad/40 bg-bad-soft p-3 text-sm">
        {mistakes.map((mistake) => (
          <li key={`${mistake.line}:${mistake.column}:${mistake.message}`} className="break-words">
            <span className="tabular font-medium text-bad">
              Line {mistake.line}, column {mistake.column}:
            </span>{' '}
            {mistake.message}
          </li>
        ))}
      </ul>
    );
  }
  if (error && isChecked) return <ErrorPanel error={error} what="The node does not take this" />;
  return (
    <p role="status" className="flex items-center gap-1.5 text-sm text-dim">
      {isChecked ? (
        <>
          <Icon name="check" className="text-good" /> The node has checked it: no mistake.
        </>
      ) : (
        'Being checked'
      )}
    </p>
  );
}
