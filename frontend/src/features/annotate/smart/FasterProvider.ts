/** Asks the browser's own decoder or the server, whichever answers faster here; where one fails, the other one. */
import type { SmartAnswer, SmartProvider, SmartRequest } from "../../../editor";
import type { LocalDecoder } from "./LocalDecoder";
import type { Path, PathTimes } from "./PathTimes";

/** Milliseconds: a hover that takes longer lags behind the hand. */
const QUICK = 300;
/** What the decoder knows beside the prompt; anything else is the server's. */
const PARAMETERS: ReadonlySet<string> = new Set(["sizes", "tolerance"]);
const PROMPTS: ReadonlySet<string> = new Set(["points", "box"]);

export class FasterProvider implements SmartProvider {
  constructor(
    private readonly server: SmartProvider,
    private readonly local: Pick<LocalDecoder, "isReady" | "decode">,
    private readonly times: PathTimes,
    private readonly now: () => number = () => performance.now(),
  ) {}

  isQuick(request: SmartRequest): boolean {
    return this.canDecode(request) && (this.times.of(request.method, "browser") ?? 0) <= QUICK;
  }

  async predict(request: SmartRequest, signal: AbortSignal): Promise<SmartAnswer> {
    const ask = { server: () => this.askServer(request, signal), browser: () => this.askBrowser(request, signal) };
    if (!this.canDecode(request)) return ask.server();
    const chosen = this.times.choose(request.method);
    if (chosen === "server") return ask.server();
    if (chosen === "browser") return ask.browser().catch(ask.server);
    const asked = [ask.server(), ask.browser()] as const;
    // Where both fail, the server's sentence says why.
    return Promise.any(asked).catch(() => asked[0]);
  }

  private canDecode({ method, imageId, prompt, parameters }: SmartRequest): boolean {
    const isPlain =
      Object.entries(parameters).every(([key, value]) => PARAMETERS.has(key) || !value) &&
      Object.keys(prompt).every((key) => PROMPTS.has(key));
    return isPlain && this.local.isReady(method, imageId);
  }

  private askServer(request: SmartRequest, signal: AbortSignal): Promise<SmartAnswer> {
    // While there is no embedding here, there may be none there: that is no measure of the server.
    const counts = this.canDecode(request);
    return this.timed("server", counts, request.method, this.server.predict(request, signal));
  }

  private askBrowser(request: SmartRequest, signal: AbortSignal): Promise<SmartAnswer> {
    return this.timed("browser", true, request.method, this.local.decode(request, signal));
  }

  private async timed(path: Path, counts: boolean, method: string, asked: Promise<SmartAnswer>): Promise<SmartAnswer> {
    const begun = this.now();
    const answer = await asked;
    const milliseconds = this.now() - begun;
    if (counts) this.times.note(method, path, milliseconds);
    return { ...answer, path, seconds: milliseconds / 1000 };
  }
}
