import type { TourStep } from '../../page/protocol.ts';
import type { AsideState } from './aside-state.ts';
import { Insertable, WithCommands } from './insert.tsx';
import { TourLink } from './tour-link.tsx';

/** Six steps, each ticked by what really happened. */
export function Tour({ state: { tour, speed, estate } }: { state: AsideState }) {
  const current = tour.find(({ done }) => !done);
  const left = tour.filter(({ done }) => !done).length;
  return (
    <div class="aside tour">
      <p class="aside-lead" role="status">
        {left === 0 ? `All ${tour.length} steps are done.` : `Step ${tour.length - left + 1} of ${tour.length}.`}
        {speed !== 1 && ` Durations of ${estate} run ${speed} times faster than life.`}
      </p>
      <ol class="tour-steps">
        {tour.map((step) => (
          <Step key={step.id} step={step} current={step === current} />
        ))}
      </ol>
      {left === 0 && tour.length > 0 && <WhatNext />}
    </div>
  );
}

const Step = ({ step, current }: { step: TourStep; current: boolean }) => (
  <li class={step.done ? 'done' : current ? 'current' : ''} aria-current={current ? 'step' : undefined}>
    <span class="tour-tick" aria-hidden="true" />
    <div>
      <h3>
        {step.title}
        <span class="aside-hidden">{step.done ? ', done' : ', not done yet'}</span>
      </h3>
      {!step.done && (
        <>
          <p>
            <WithCommands text={step.how} />
          </p>
          {current && <TourLink to={step.go} />}
        </>
      )}
    </div>
  </li>
);

const WhatNext = () => (
  <section class="tour-end">
    <h3>You took an incident from its first sign to its end. Well done.</h3>
    <p>What you may try now:</p>
    <ul>
      <li>
        Break something, start <Insertable text="/dr recover dashboard" />, and take a worker away in Estate while it
        runs. The other one goes on.
      </li>
      <li>Take Slack away, then bring it back: the messages that waited arrive in order, each one once.</li>
      <li>Take PagerDuty away before you declare: the page waits, and rings when it is back.</li>
    </ul>
  </section>
);
