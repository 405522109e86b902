import { useState } from 'preact/hooks';
import type { Mail } from '../../page/protocol.ts';

const KEY = 'lifeboat.mail-read';

/** Which mails were opened in this browser; forgets those that are gone. */
export function useRead(mail: readonly Mail[]): {
  isUnread: (id: string) => boolean;
  markRead: (id: string) => void;
} {
  const [read, setRead] = useState(recall);
  return {
    isUnread: (id) => !read.has(id),
    markRead: (id) => {
      const there = new Set(mail.map((each) => each.id));
      const next = new Set([...read, id].filter((each) => there.has(each)));
      keep(next);
      setRead(next);
    },
  };
}

function recall(): ReadonlySet<string> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(found) ? found.filter((id) => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

function keep(read: ReadonlySet<string>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([...read]));
  } catch {
    // A full or forbidden storage costs only the memory of a reload.
  }
}
