import type { VNode } from 'preact';

/** Stands for what is not drawn here, and says so. */
export const Undrawn = ({ type, about = '' }: { type: string; about?: string }): VNode => (
  <p class="bk-undrawn">
    {about !== '' && <b>{about} </b>}
    <code class="bk-code">{type || 'nameless'}</code> is not drawn in the sandbox. Slack shows it.
  </p>
);
