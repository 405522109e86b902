import type { VNode } from 'preact';
import { useCallback, useId, useRef, useState } from 'preact/hooks';
import type { Choice } from './choices.ts';
import type { Naming } from './control-props.ts';
import { grouped, matching } from './combobox-list.ts';
import type { Entered } from './element-value.ts';
import { Plain } from './mrkdwn.tsx';
import { usePopup } from './popup.ts';

interface ComboboxProps {
  choices: Choice[];
  value: Entered;
  change: (value: Entered) => void;
  placeholder: string;
  /** How many may be chosen; only for several. */
  most?: number;
  clearable: boolean;
  naming: Naming;
}

/** A list to choose from by typing, arrows or pointer: one choice when `value` is a string, several when it is a list. */
export function Combobox({
  choices,
  value,
  change,
  placeholder,
  most = Infinity,
  clearable,
  naming,
}: ComboboxProps): VNode {
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const [box, input, popup] = [
    useRef<HTMLDivElement>(null),
    useRef<HTMLInputElement>(null),
    useRef<HTMLDivElement>(null),
  ];
  const list = useId();
  const chosen = typeof value === 'string' ? [value] : value;
  const several = typeof value !== 'string';
  const label = (wanted: string): string => choices.find((choice) => choice.value === wanted)?.label ?? wanted;
  const open = typed !== null;
  const shown = open ? matching(choices, typed) : [];
  const close = useCallback(() => setTyped(null), []);
  usePopup(box, popup, open, close, 'anchor');

  const show = (): void => {
    if (open || naming.disabled === true || naming.busy === true) return;
    setTyped('');
    setActive(
      several
        ? 0
        : Math.max(
            0,
            choices.findIndex((choice) => choice.value === value),
          ),
    );
  };
  const pick = (choice: Choice | undefined): void => {
    if (!choice) return;
    if (!several) {
      close();
      if (choice.value !== value) change(choice.value);
    } else if (chosen.includes(choice.value)) change(chosen.filter((each) => each !== choice.value));
    else if (chosen.length < most) change([...chosen, choice.value]);
    if (several) setTyped('');
  };
  const move = (by: number): void => {
    const next = shown.length === 0 ? 0 : (active + by + shown.length) % shown.length;
    setActive(next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  const keys = (event: KeyboardEvent): void => {
    const take = (act: () => void): void => {
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    if (event.key === 'ArrowDown') take(() => (open ? move(1) : show()));
    else if (event.key === 'ArrowUp') take(() => (open ? move(-1) : show()));
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey)
      take(() => (open ? pick(shown[active]) : show()));
    else if (event.key === 'Escape' && open) take(close);
    else if (event.key === 'Tab') close();
    else if (event.key === 'Backspace' && several && !typed && chosen.length > 0) change(chosen.slice(0, -1));
  };

  return (
    <div
      ref={box}
      class={`bk-combobox${several ? ' bk-several' : ''}${naming.disabled || naming.busy ? ' bk-off' : ''}`}
      onClick={() => input.current?.focus()}
    >
      {several &&
        chosen.map((each) => (
          <span class="bk-chip">
            <Plain text={label(each)} />
            <button
              type="button"
              aria-label={`Remove ${label(each)}`}
              disabled={naming.disabled}
              aria-disabled={naming.busy}
              onClick={() => change(chosen.filter((other) => other !== each))}
            >
              ×
            </button>
          </span>
        ))}
      <input
        ref={input}
        id={naming.id}
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && shown.length > 0 ? `${list}-${active}` : undefined}
        aria-label={naming.label}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.invalid}
        aria-required={naming.required}
        disabled={naming.disabled}
        aria-disabled={naming.busy}
        readOnly={naming.busy}
        placeholder={several && chosen.length > 0 ? '' : placeholder}
        value={typed ?? (several ? '' : label(chosen[0] ?? ''))}
        onClick={show}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onBlur={close}
        onKeyDown={keys}
      />
      {clearable && !several && value !== '' && !naming.disabled && (
        <button type="button" class="bk-clear" aria-label="Clear" onClick={() => change('')}>
          ×
        </button>
      )}
      <span
        class="bk-chevron"
        aria-hidden="true"
        onPointerDown={(event) => event.preventDefault()}
        onClick={open ? close : show}
      />
      {open && (
        <div ref={popup} class="bk-popup" popover="manual" onPointerDown={(event) => event.preventDefault()}>
          <div id={list} role="listbox" aria-label={naming.label ?? placeholder} aria-multiselectable={several}>
            {grouped(shown).map(({ group, choices: members }) => {
              const options = members.map(({ choice, index }) => (
                <div
                  id={`${list}-${index}`}
                  role="option"
                  class={`bk-option${index === active ? ' bk-active' : ''}`}
                  aria-selected={chosen.includes(choice.value)}
                  onPointerMove={() => setActive(index)}
                  onClick={(event) => {
                    event.stopPropagation();
                    pick(choice);
                  }}
                >
                  <span>
                    <Plain text={choice.label} />
                  </span>
                  {choice.description !== '' && (
                    <span class="bk-option-about">
                      <Plain text={choice.description} />
                    </span>
                  )}
                </div>
              ));
              return group === '' ? (
                options
              ) : (
                <div role="group" aria-label={group}>
                  <div class="bk-group" aria-hidden="true">
                    {group}
                  </div>
                  {options}
                </div>
              );
            })}
          </div>
          {shown.length === 0 && <p class="bk-none">Nothing fits “{typed}”.</p>}
        </div>
      )}
    </div>
  );
}
