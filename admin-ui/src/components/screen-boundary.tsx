/** Catches what a screen throws while it is drawn, most often a piece of the app that could not be fetched after a new
 * version was put in place: the navigation stays, and a reload is offered. */

import { Component, type ReactNode } from "react";
import { Sentence } from "./sentence.tsx";

interface State {
  error: unknown;
}

export class ScreenBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="panel state state-failed" role="alert">
        <p>
          <strong>This screen could not be opened.</strong>
          <br />
          <Sentence of={this.state.error} />
        </p>
        <button type="button" className="button" onClick={() => globalThis.location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
