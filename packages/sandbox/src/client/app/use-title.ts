import { useEffect } from 'preact/hooks';
import { useClient, useUi } from './page.ts';

/** Names the browser's tab after the place. */
export function useTitle(): void {
  const place = useUi(({ route }) => route.place);
  const name = useClient(({ channels, team }) => {
    const channel = channels.get(place ?? '');
    const where = channel === undefined ? 'Home' : channel.is_im ? 'Lifeboat' : `#${channel.name}`;
    return `${where} · ${team.name}`;
  });
  useEffect(() => {
    document.title = name;
  }, [name]);
}
