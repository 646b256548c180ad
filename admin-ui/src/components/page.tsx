/** The head of a screen: its title in the document and on the page, and the focus when one comes to it. */
import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  isNarrow?: boolean;
  children: ReactNode;
}

// The first screen after loading leaves the focus where the browser put it: at the top, before the skip link.
let isFirstPage = true;

/** For when what had the focus is gone: the screen's title is the next best place to be. */
export function focusTitle(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("h1")?.focus());
}

export function Page({ title, lead, actions, isNarrow = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Pushnami Admin`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus();
    isFirstPage = false;
  }, []);
  return (
    <div className={isNarrow ? "page is-narrow" : "page"}>
      <header className="page-head">
        <div className="grow">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p>{lead}</p>}
        </div>
        {actions === undefined ? null : <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
