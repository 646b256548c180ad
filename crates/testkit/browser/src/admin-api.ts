/** The admin's calls, for looking behind the screen and for setting the scene. */
import { PASSWORD, type System } from "./system.ts";

export interface RecordedEvent {
  id: string;
  visitor_id: string;
  experiment_id: string | null;
  variant: string | null;
  event_type: string;
  event_name: string | null;
  metadata: Record<string, unknown>;
  page_url: string | null;
}

export interface Experiment {
  id: string;
  name: string;
  variants: string[];
}

export interface Results {
  variants: { key: string; visitors: number; conversions: number }[];
  traffic: { excluded: { claimed_only: number; robots: number } };
}

export class AdminApi {
  private readonly system: System;
  private readonly token: string;

  private constructor(system: System, token: string) {
    this.system = system;
    this.token = token;
  }

  static async login(system: System): Promise<AdminApi> {
    const response = await fetch(`${system.abtest}/api/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password: PASSWORD }),
    });
    const { token } = (await response.json()) as { token: string };
    return new AdminApi(system, token);
  }

  /** The session's token, as Swagger UI wants it. */
  get bearer(): string {
    return this.token;
  }

  async events(filter: Record<string, string> = {}): Promise<RecordedEvent[]> {
    const query = new URLSearchParams({ limit: "1000", ...filter });
    return (await this.call("GET", `${this.system.metrics}/api/events?${query}`)) as RecordedEvent[];
  }

  async experiments(): Promise<Experiment[]> {
    return (await this.call("GET", `${this.system.abtest}/api/experiments`)) as Experiment[];
  }

  /** The judged comparison of an experiment's variants. */
  async results(id: string): Promise<Results> {
    return (await this.call("GET", `${this.system.metrics}/api/experiments/${id}/results`)) as Results;
  }

  async updateExperiment(id: string, change: Record<string, unknown>): Promise<void> {
    await this.call("PUT", `${this.system.abtest}/api/experiments/${id}`, change);
  }

  async toggles(): Promise<{ key: string; enabled: boolean }[]> {
    return (await this.call("GET", `${this.system.abtest}/api/toggles`)) as { key: string; enabled: boolean }[];
  }

  async updateToggle(key: string, change: Record<string, unknown>): Promise<void> {
    await this.call("PUT", `${this.system.abtest}/api/toggles/${key}`, change);
  }

  /** A toggle that the first start does not bring along. */
  async createToggle(key: string, rest: Record<string, unknown>): Promise<void> {
    await this.call("POST", `${this.system.abtest}/api/toggles`, { key, name: key, ...rest });
  }

  private async call(method: string, url: string, body?: unknown): Promise<unknown> {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
