/**
 * Hears what plays, for the spectrum, and sets how loud it is. Web Audio stands between the audio element and the
 * loudspeaker only once its context runs: where it may not, the music plays straight and merely has no picture.
 */

/** Bins of the analyser: half of its window of 2048 samples, about 21 Hz each. */
const WINDOW = 2_048;
/** A change of loudness takes this long, or it would click. */
const GLIDE_S = 0.02;

export class Ear {
  private context: AudioContext | null = null;
  private analyser: AnalyserNode | null = null;
  private volume: GainNode | null = null;
  private gain = 1;
  private bins = new Uint8Array(0);

  constructor(private readonly audio: HTMLAudioElement) {}

  /** Called when the visitor wants to hear something; browsers allow sound only then. */
  wake(): void {
    this.context ??= this.create();
    // A context that may not run now may be allowed to with the next press.
    this.context?.resume().catch(() => {});
  }

  /** Sets what amplitudes are multiplied by, 0 to 1. */
  set loudness(gain: number) {
    this.gain = gain;
    if (this.volume && this.context) {
      this.volume.gain.setTargetAtTime(gain, this.context.currentTime, GLIDE_S);
    } else {
      this.audio.volume = gain;
      // Some phones know no volume, but all know mute.
      this.audio.muted = gain === 0;
    }
  }

  get hears(): boolean {
    return this.analyser !== null && this.context?.state === "running";
  }

  get sampleRate(): number {
    return this.context?.sampleRate ?? 44_100;
  }

  /** The loudness of each bin at this moment. */
  listen(): Uint8Array {
    this.analyser?.getByteFrequencyData(this.bins as Uint8Array<ArrayBuffer>);
    return this.bins;
  }

  private create(): AudioContext | null {
    if (!("AudioContext" in window)) return null;
    const session = (navigator as { audioSession?: { type: string } }).audioSession;
    // On an iPhone, Web Audio obeys the ringer's switch and stops with the screen unless it says that it is music.
    if (session) session.type = "playback";
    const context = new AudioContext();
    const join = (): void => {
      if (context.state === "running" && !this.analyser) this.join(context);
    };
    context.addEventListener("statechange", join);
    join();
    return context;
  }

  /** Puts the analyser before the volume, so that quiet music has the same picture. */
  private join(context: AudioContext): void {
    const source = context.createMediaElementSource(this.audio);
    const analyser = context.createAnalyser();
    analyser.fftSize = WINDOW;
    analyser.smoothingTimeConstant = 0.72;
    const volume = context.createGain();
    source.connect(analyser).connect(volume).connect(context.destination);
    volume.gain.value = this.gain;
    this.bins = new Uint8Array(analyser.frequencyBinCount);
    this.analyser = analyser;
    this.volume = volume;
    this.audio.volume = 1;
    this.audio.muted = false;
  }
}
