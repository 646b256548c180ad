/** The music library: what the page's player plays, in this order. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Track, tracksQuery, useOrderTracks } from "../api/tracks.ts";
import { useAnnounce } from "../components/announcer.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, Panel, StaleBanner } from "../components/panel.tsx";
import { Sentence } from "../components/sentence.tsx";
import { counted, playingTime } from "../compute/format.ts";
import { moved } from "../compute/order.ts";
import { DeleteTrack } from "./library/delete-track.tsx";
import { TrackList } from "./library/track-list.tsx";
import { Uploads } from "./library/uploads.tsx";
import "./library.css";

export default function Library() {
  const tracks = useQuery(tracksQuery);
  const order = useOrderTracks();
  const announce = useAnnounce();
  const [doomed, setDoomed] = useState<Track | null>(null);

  function move(list: Track[], from: number, to: number) {
    const next = moved(list, from, to);
    const track = list[from];
    if (next === list || track === undefined) return;
    announce(`“${track.name}” is now number ${to + 1} of ${list.length}.`);
    order.mutate([...next]);
  }

  return (
    <Page title="Music library" lead={summary(tracks.data)}>
      <Uploads />
      <StaleBanner of={tracks} />
      <Panel title="Tracks">
        {order.error === null ? null : (
          <p className="mistake" role="alert">
            The order is as it was before: <Sentence of={order.error} />
          </p>
        )}
        <Loaded of={tracks} empty={(list) => (list.length === 0 ? <NoTracks /> : null)}>
          {(list) => <TrackList tracks={list} onMove={(from, to) => move(list, from, to)} onDelete={setDoomed} />}
        </Loaded>
      </Panel>
      {doomed === null ? null : <DeleteTrack track={doomed} onClose={() => setDoomed(null)} />}
    </Page>
  );
}

function summary(list: Track[] | undefined): string {
  if (list === undefined) return "What the page's player plays.";
  if (list.length === 0) return "There is nothing to play yet.";
  const seconds = list.reduce((sum, track) => sum + track.duration_seconds, 0);
  return `${counted(list.length, "track")}, ${playingTime(seconds)} minutes, in the order in which the page plays them.`;
}

function NoTracks() {
  return (
    <p>
      <strong>No track.</strong>
      <br />
      The page plays nothing until there is one: upload an MP3 above.
    </p>
  );
}
