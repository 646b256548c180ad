/** A program that a test starts, watches, stops, freezes and starts again. */
import { type ChildProcess, spawn } from "node:child_process";

export interface ProgramOptions {
  name: string;
  command: string;
  args?: string[];
  env: Record<string, string>;
  /** Asked until it answers 200. */
  healthUrl: string;
}

export class Program {
  private child: ChildProcess | undefined;
  private output = "";
  private readonly options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.options = options;
  }

  /** Starts it and waits until it is healthy. */
  async start(): Promise<void> {
    const { command, args = [], env, name, healthUrl } = this.options;
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-20_000);
      });
    }
    this.child = child;
    const deadline = Date.now() + 60_000;
    while (!(await answers(healthUrl))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`${name} is not healthy after a minute:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Asks it to stop and waits until it is gone. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  /** Lets it hang: connections are accepted and never answered. */
  freeze(): void {
    this.child?.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.child?.kill("SIGCONT");
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
