// Placeholder: the panels bring their own.
import type { Act } from '../state/act.ts';
import type { ClientState } from '../state/client-state.ts';
import type { PanelName } from '../state/route.ts';

export const Panel = ({ name, state }: { name: PanelName; state: ClientState; act: Act }) => (
  <div class="placeholder-panel">
    {name === 'tour' ? (
      state.tour.map((step) => (
        <p key={step.id}>
          {step.title}: {step.how}
        </p>
      ))
    ) : (
      <p>{name}</p>
    )}
  </div>
);
