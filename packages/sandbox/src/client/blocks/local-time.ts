const two = (n: number): string => String(n).padStart(2, '0');

/** Unix seconds as a datetime-local field writes them in this computer's zone; empty for nothing. */
export function toLocal(seconds: string): string {
  const at = new Date(Number(seconds) * 1000);
  if (seconds === '' || Number.isNaN(at.getTime())) return '';
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The reverse. */
export function fromLocal(local: string): string {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? '' : String(Math.floor(at.getTime() / 1000));
}
