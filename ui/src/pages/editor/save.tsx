// The last look before a job is stored: the plan, then the request. A job that is edited is stored only
// on top of the version that was begun with.
import {useMutation} from '@tanstack/react-query';
import {parse} from 'yaml';
import {api, ask} from '@/api/client';
import {ApiError} from '@/api/problem';
import type {Job, JobSpec} from '@/api/queries';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {ErrorPanel} from '@/components/error-panel';
import {toast} from '@/components/toasts';
import {useJobChanged} from '../jobs/pause-dialog';
import type {ApplyResult} from '../jobs/queries';
import {Plan} from './plan';
import {asYaml} from './use-check';

interface SaveDialogProps {
  /** The job that is edited; undefined: new ones. */
  job: Job | undefined;
  base: number | undefined;
  text: string;
  plan: ApplyResult;
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function SaveDialog({job, base, text, plan, onClose, onSaved}: SaveDialogProps) {
  const changed = useJobChanged();
  const names = plan.items?.flatMap((item) => (item.kind === 'job' ? (item.name ?? '') : [])) ?? [];
  const touched = plan.items?.filter((item) => item.effect !== 'unchanged') ?? [];
  const save = useMutation({
    mutationFn: async () => {
      if (!job) return void (await ask(api.POST('/api/v1/manifests/apply', asYaml(text))));
      await ask(
        api.PUT('/api/v1/jobs/{job}', {
          params: {path: {job: job.name ?? ''}}, body: parse(text) as JobSpec, headers: {'If-Match': `"v${base ?? 1}"`},
        }),
      );
    },
    onSuccess: () => {
      const [name = ''] = names;
      changed(name);
      toast({title: job ? `Stored ${name}` : `Created ${names.join(', ')}`});
      onSaved(name);
    },
    onError: (error) => {
      // Somebody was quicker: the page shows both versions once it knows theirs.
      if (job && error instanceof ApiError && error.status === 412) {
        changed(job.name ?? '');
        onClose();
      }
    },
  });
  const isRenamed = job !== undefined && names[0] !== job.name;
  const overwritten = job ? [] : touched.filter((item) => item.effect === 'updated');
  return (
    <Dialog
      title={job ? `Store ${job.name} as v${(base ?? 0) + 1}?` : `Create ${names.join(', ')}?`} wide onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Go on editing</Button>
          <Button
            look="primary" icon="check" busy={save.isPending} disabled={touched.length === 0 || isRenamed}
            onClick={() => save.mutate()}
          >
            {job ? 'Store it' : `Store ${touched.length} ${touched.length === 1 ? 'definition' : 'definitions'}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {isRenamed && (
          <p role="alert" className="text-sm text-bad">
            A job keeps its name: write {job.name} again, or make a new job of this text.
          </p>
        )}
        {overwritten.length > 0 && (
          <p role="alert" className="text-sm text-warn">
            {overwritten.map((item) => item.name).join(', ')} exists already and is replaced by this.
          </p>
        )}
        {touched.length === 0 && <p className="text-sm">This is what is stored already: there is nothing to do.</p>}
        <Plan plan={plan} />
        {save.error && <ErrorPanel error={save.error} what="Could not store it" />}
      </div>
    </Dialog>
  );
}
