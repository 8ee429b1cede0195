// How this browser shows things, and who it is signed in as.
import {useMutation} from '@tanstack/react-query';
import {useState} from 'react';
import {openHelp} from '@/app/help';
import {THEMES, themeChoice, type Theme} from '@/app/theme';
import {api, ask} from '@/api/client';
import {useMay, useSession} from '@/api/session';
import {Button} from '@/components/button';
import {CopyButton} from '@/components/copy';
import {Select} from '@/components/field';
import {Facts, Panel} from '@/components/page';
import {useShared} from '@/components/store';
import {Time, timeChoice, zoneChoice} from '@/components/time';
import {LOCAL_ZONE} from '@/components/time-words';
import {toastError} from '@/components/toasts';

export function ThisBrowser() {
  const {data: session} = useSession();
  const isAdmin = useMay('admin');
  return (
    <div className="grid gap-3 md:grid-cols-2">
      <Panel title="This browser">
        <Preferences />
      </Panel>
      <Panel title="You">
        <div className="flex flex-col gap-4">
          <Facts
            rows={[
              ['Signed in as', session?.name ?? '–'],
              ['Role', session?.role ?? '–'],
              ['Tenant', session?.tenant ?? '–'],
            ]}
          />
          {isAdmin && <SignInLink />}
        </div>
      </Panel>
    </div>
  );
}

function Preferences() {
  const theme = useShared(themeChoice);
  const zone = useShared(zoneChoice);
  const times = useShared(timeChoice);
  return (
    <div className="flex flex-col items-start gap-2 [&>label]:grid [&>label]:grid-cols-[7rem_10rem]">
      <Select label="Theme" value={theme} onChange={(event) => themeChoice.set(event.target.value as Theme)}>
        {THEMES.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </Select>
      <Select
        label="Time zone" value={zone}
        onChange={(event) => zoneChoice.set(event.target.value === 'utc' ? 'utc' : 'local')}
      >
        <option value="local">{LOCAL_ZONE}</option>
        <option value="utc">UTC</option>
      </Select>
      <Select
        label="Times in lists" value={times}
        onChange={(event) => timeChoice.set(event.target.value === 'absolute' ? 'absolute' : 'relative')}
      >
        <option value="relative">relative</option>
        <option value="absolute">exact</option>
      </Select>
      <Button icon="menu" onClick={openHelp}>Keyboard shortcuts</Button>
    </div>
  );
}

/** A link that signs another browser in, once, as this session. */
function SignInLink() {
  const [link, setLink] = useState<{url: string; expiresAt?: string}>();
  const make = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/session/link')),
    onSuccess: (made) => setLink({url: window.location.origin + (made.path ?? ''), expiresAt: made.expires_at}),
    onError: toastError('Could not make a link'),
  });
  return (
    <div className="flex flex-col items-start gap-2 border-t border-line pt-3 text-sm">
      <p>
        Sign in another browser without a token: whoever opens the link first is an administrator there.
      </p>
      <Button icon="link" busy={make.isPending} onClick={() => make.mutate()}>
        Make a sign-in link
      </Button>
      {link && (
        <div className="flex w-full items-center gap-2 rounded-md bg-sunken p-2">
          <code className="min-w-0 grow font-mono text-xs break-all">{link.url}</code>
          <CopyButton text={link.url} label="Copy the link" />
        </div>
      )}
      {link && <p className="text-dim">It works once, and ends <Time at={link.expiresAt} show="relative" />.</p>}
    </div>
  );
}
