/** What the environment of a process gives it, as far as it decides whether what an estate says comes true. */
export interface Means {
  pagerduty: {
    routingKey: string | undefined;
    /** By role. */
    routingKeys: Readonly<Record<string, string>>;
    apiToken: string | undefined;
  };
  /** Whether `${{ secrets.NAME }}` can be read here. */
  hasSecret?: (name: string) => boolean;
}
