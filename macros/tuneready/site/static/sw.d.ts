/** What the service workers use of their global scope, and what they keep. Types only. */

/** `offline.json`, as `tuneready.site.offline` writes it. */
export interface Listing {
  schema: "tuneready.offline/1";
  /** Of all that is published, 16 hexadecimal digits. */
  build: string;
  /** ISO day. */
  date: string;
  bytes: number;
  languages: Record<string, { page: string; notice: Record<string, string> }>;
  /** Path below the site's root -> its content. */
  files: Record<string, { sha256: string; bytes: number }>;
}

/** Which version is in charge. */
export interface OfflineState {
  build: string;
  /** When it was taken, in ISO form. */
  since: string;
  /** Client -> the build that it goes on with; "" is the host. */
  others: Record<string, string>;
}

export interface Client {
  readonly id: string;
  readonly url: string;
  navigate(url: string): Promise<unknown>;
}

export interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly clientId: string;
  readonly resultingClientId: string;
  respondWith(response: Promise<Response>): void;
}

export interface MessageEventFromPage extends ExtendableEvent {
  readonly data: { type: "take"; build: string } | { type: "which" | "forget" | "go" };
  readonly source: Client;
  readonly ports: readonly MessagePort[];
}

export interface WorkerGlobal {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: {
      includeUncontrolled?: boolean;
      type?: "all" | "window";
    }): Promise<Client[]>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: MessageEventFromPage) => void): void;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
}
