import type { ButtonHTMLAttributes } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type Props = Omit<ButtonHTMLAttributes, 'label' | 'icon'> & {
  icon: IconName;
  /** Its name, also shown as a tooltip. */
  label: string;
  disabled?: boolean;
};

export const IconButton = ({ icon, label, class: extra, ...rest }: Props) => (
  <button
    type="button"
    class={`icon-button ${typeof extra === 'string' ? extra : ''}`}
    aria-label={label}
    title={label}
    {...rest}
  >
    <Icon name={icon} />
  </button>
);
