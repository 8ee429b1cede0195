import {IconButton} from './button';
import {toast} from './toasts';

/** Copies `text`; says so, or says what to do where the browser does not allow it. */
export function CopyButton({text, label = 'Copy'}: {text: string; label?: string}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast({title: 'Copied'});
    } catch {
      toast({title: 'The browser does not allow copying here', text: text, tone: 'bad'});
    }
  };
  return <IconButton label={label} icon="copy" onClick={() => void copy()} />;
}
