/** The ordering key of messages in an incident's own channel. */
export const channelOrdering = (incident: number): string => `incident:${incident}`;

/** The ordering key of messages to one reader: 'incident' for the incident's channel, else '#name' or an id. */
export const readerOrdering = (incident: number, to: string): string =>
  to === 'incident' ? channelOrdering(incident) : `to:${to}`;
