import { WithCommands } from '../aside/insert.tsx';
import { TourLink } from '../aside/tour-link.tsx';
import { IconButton } from '../bits/icon-button.tsx';
import { useClient, usePage, useUi } from './page.ts';

/** The tour's step that is next, above whatever else stands open, until the tour is done or put away. */
export function TourStrip({ where }: { where: 'side' | 'main' }) {
  const { go, ui } = usePage();
  const tour = useClient((state) => state.tour);
  const away = useUi((state) => state.tourAway);
  const isOpen = useUi(({ route }) => route.panel === 'tour' && route.thread === undefined);
  const at = tour.findIndex(({ done }) => !done);
  const step = tour[at];
  if (tour.length === 0 || away || (where === 'side' && isOpen)) return null;
  return (
    <section class={`aside tour-strip tour-strip-${where}`} aria-label="Tour">
      <button type="button" class="tour-strip-title" onClick={() => go({ panel: 'tour' })}>
        {step === undefined ? 'Tour: ' : `Tour, step ${at + 1} of ${tour.length}: `}
        <strong>{step === undefined ? 'done. What you may try now' : step.title}</strong>
      </button>
      <IconButton
        icon="close"
        label="Put the tour away"
        onClick={() => ui.update((state) => ({ ...state, tourAway: true }))}
      />
      {step !== undefined && (
        <p>
          <WithCommands text={step.how} />
        </p>
      )}
      {step !== undefined && <TourLink to={step.go} />}
    </section>
  );
}
