// Asks for a token, or says how to come in by a one-time link. It stands in the place of whatever page
// is open, and that page is there again once one is signed in.
import {useState, type FormEvent} from 'react';
import {toApiError} from '@/api/problem';
import {useSignIn} from '@/api/session';
import {Button} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {TextField} from '@/components/field';

export function SignIn() {
  const signIn = useSignIn();
  const [token, setToken] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(token);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const isWrong = error !== undefined && toApiError(error).status === 401;
  return (
    <main className="mx-auto flex min-h-full w-full max-w-sm flex-col justify-center gap-5 p-5">
      <div className="flex items-center gap-2.5">
        <img src="/assets/icon.svg" alt="" width="32" height="32" />
        <h1 className="text-xl font-semibold">Sign in to Mainspring</h1>
      </div>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <TextField
          label="Token" type="password" autoComplete="current-password" autoFocus required value={token}
          onChange={(event) => setToken(event.target.value)}
          error={isWrong ? 'This node does not know the token, or it has expired.' : undefined}
          hint="Kept nowhere: this browser gets a session cookie for it."
        />
        <Button look="primary" type="submit" busy={busy}>
          {busy ? 'Signing in' : 'Sign in'}
        </Button>
        {error !== undefined && !isWrong && <ErrorPanel error={error} />}
      </form>
      <div className="border-t border-line pt-4 text-sm text-dim">
        <p>Without a token: on the machine of the node, this prints a link that signs you in once.</p>
        <pre className="mt-2 rounded-md bg-sunken px-3 py-2 font-mono text-ink">jobctl session link</pre>
        <p className="mt-2">
          The token of the administrator is in the file <code className="font-mono">admin-token</code> of
          the node's data directory.
        </p>
      </div>
    </main>
  );
}
