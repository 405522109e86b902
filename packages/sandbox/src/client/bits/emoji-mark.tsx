import { Plain } from '../blocks/mrkdwn.tsx';

/** An emoji by its name, such as "eyes", as messages show it. */
export const EmojiMark = ({ name }: { name: string }) => <Plain text={`:${name}:`} />;
