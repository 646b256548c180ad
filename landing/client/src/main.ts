/** Wakes the page: styles, recording, then what moves. The page is complete without any of it. */
import "./styles/fonts.css";
import "./styles/moods.css";
import "./styles/ground.css";
import "./styles/masthead.css";
import "./styles/sky.css";
import "./styles/hero.css";
import "./styles/stage.css";
import "./styles/lightning.css";
import "./styles/features.css";
import "./styles/numbers.css";
import "./styles/testimonials.css";
import "./styles/temple.css";
import "./styles/contact.css";
import "./styles/footer.css";
import "./styles/player.css";
import "./styles/effects.css";
import { recordClicks, recordScroll, recordView, recordVisibleTime } from "./acts";
import { wakeCalm } from "./calm";
import { wakeContact } from "./contact";
import { wakeCursorLight } from "./cursor-light";
import { type PageFacts, readFacts } from "./facts";
import { wakeLightning } from "./lightning";
import { wakeNumbers } from "./numbers";
import { Outbox, pageStorage } from "./outbox";
import { wakePlayer } from "./player";
import { EventQueue } from "./queue";
import { wakeRain } from "./rain";
import { createRecorder, type Record } from "./recorder";
import { wakeScenes } from "./scenes";
import { wakeSelectionSparkle } from "./selection-sparkle";
import { wakeStage } from "./stage";
import { wakeTemple } from "./temple";

function startRecording(facts: PageFacts): Record {
  const outbox = new Outbox(pageStorage());
  const queue = new EventQueue(outbox);
  const record = createRecorder(facts, (event) => queue.push(event));
  if (!facts.recording) {
    // Also what an earlier page kept: whoever asks now has asked for that too.
    outbox.clear();
    return record;
  }
  recordView(record);
  recordClicks(record);
  recordScroll(record);
  const goodbye = (): void => queue.sayGoodbye();
  const welcome = (): void => queue.wake();
  recordVisibleTime(record, goodbye, welcome);
  addEventListener("online", welcome);
  // What earlier pages could not deliver goes along with the first events of this one.
  welcome();
  return record;
}

const facts = readFacts(document);
const record = startRecording(facts);
wakeCalm();
wakeContact(record);
wakeLightning();
wakeNumbers();
wakeScenes();
wakeStage(facts.look);
wakeTemple();
void wakeRain(facts.matrix_rain);
wakeCursorLight(facts.cursor_light);
wakeSelectionSparkle(facts.selection_sparkle);
document.documentElement.style.setProperty("--glitch", String(facts.hero_glitch?.intensity ?? 1));
wakePlayer(record);
