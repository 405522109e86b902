/** The part of node-pagerduty 1.3.6 that Lifeboat calls; the package has no types of its own. */
declare module 'node-pagerduty' {
  export interface RequestOptions {
    uri: string;
    method: string;
    [option: string]: unknown;
  }
  export interface Response {
    statusCode: number;
    headers: Record<string, string | string[] | undefined>;
    /** Text for GET, parsed JSON for a call that had a body. */
    body: unknown;
  }
  type Query = Record<string, string | number | boolean | string[]>;

  export default class PagerDuty {
    constructor(token: string, tokenType: 'token' | 'bearer', requestOptions: Record<string, unknown>);
    /** Builds what is given to `request`; an own property, so it can be wrapped. */
    options: (url: string, method: string, query: unknown, body: unknown) => RequestOptions;
    onCalls: { listAllOnCalls(query: Query): Promise<Response> };
    users: { getUser(id: string, query?: Query): Promise<Response> };
    incidents: {
      listIncidents(query: Query): Promise<Response>;
      updateIncident(
        id: string,
        from: string,
        payload: {
          incident: {
            type: 'incident_reference';
            assignments: { assignee: { id: string; type: 'user_reference' } }[];
          };
        },
      ): Promise<Response>;
      listNotes(id: string): Promise<Response>;
      createNote(id: string, from: string, payload: { note: { content: string } }): Promise<Response>;
    };
  }
}
