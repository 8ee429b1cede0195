// Leads to what became of an occurrence, and why: /jobs/JOB/at/INSTANT.
import {useRouter} from '@tanstack/react-router';
import type {ReactNode} from 'react';

interface WhyLinkProps {
  job: string;
  at: string;
  children: ReactNode;
}

export function WhyLink({job, at, children}: WhyLinkProps) {
  const {history} = useRouter();
  const href = `/jobs/${encodeURIComponent(job)}/at/${encodeURIComponent(at)}`;
  return (
    <a
      href={href} className="link"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        history.push(href);
      }}
    >
      {children}
    </a>
  );
}
