import type { SlackFile } from '@lifeboat/stand-ins/slack/state';
import { Icon } from '../bits/icon.tsx';
import { Popover } from '../bits/popover.tsx';
import { useState } from 'preact/hooks';

/** A message's files; a press shows what is in one. */
export const Files = ({ ids, files }: { ids: readonly string[]; files: ReadonlyMap<string, SlackFile> }) => (
  <ul class="files" aria-label="Files">
    {ids.map((id) => (
      <li key={id}>
        <FileCard file={files.get(id)} />
      </li>
    ))}
  </ul>
);

function FileCard({ file }: { file: SlackFile | undefined }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (!file) return <span class="file">A file that is gone</span>;
  return (
    <>
      <button type="button" class="file" aria-haspopup="dialog" onClick={(event) => setAnchor(event.currentTarget)}>
        <Icon name="file" />
        <span class="file-words">
          <span>{file.title || file.name}</span>
          <small>
            {file.name} · {size(file.bytes)}
          </small>
        </span>
      </button>
      {anchor === null ? null : (
        <Popover anchor={anchor} label={file.name} class="file-view" close={() => setAnchor(null)}>
          {/* A long text scrolls, so the keyboard must reach it. */}
          <pre tabIndex={0} data-first="true">
            {file.content}
          </pre>
        </Popover>
      )}
    </>
  );
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
