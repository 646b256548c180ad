/** All toggles, oldest first: switched, created, deleted. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Toggle, togglesQuery } from "../api/toggles.ts";
import { Icon } from "../components/icon.tsx";
import { Page } from "../components/page.tsx";
import { Loaded, StaleBanner } from "../components/panel.tsx";
import { ToggleCard } from "../components/toggle-card.tsx";
import { counted } from "../compute/format.ts";
import { DeleteToggle } from "./toggles/delete-toggle.tsx";
import { EditToggle } from "./toggles/edit-toggle.tsx";
import { NewToggleForm } from "./toggles/new-toggle-form.tsx";
import "./toggles.css";

export default function Toggles() {
  const toggles = useQuery(togglesQuery);
  const [isCreating, setCreating] = useState(false);
  const [edited, setEdited] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<Toggle | null>(null);
  const create = (
    <button
      type="button"
      className="button is-main"
      aria-expanded={isCreating}
      onClick={() => setCreating(!isCreating)}
    >
      <Icon name="plus" />
      New toggle
    </button>
  );
  return (
    <Page title="Toggles" lead={summary(toggles.data)} actions={create}>
      {isCreating ? <NewToggleForm onClose={() => setCreating(false)} /> : null}
      <StaleBanner of={toggles} />
      <Loaded of={toggles} empty={(list) => (list.length === 0 ? <NoToggles /> : null)}>
        {(list) => (
          <ul className="toggles">
            {list.map((toggle) => (
              <li key={toggle.key}>
                {edited === toggle.key ? (
                  <EditToggle toggleKey={toggle.key} onClose={() => setEdited(null)} />
                ) : (
                  <ToggleCard toggle={toggle} onEdit={() => setEdited(toggle.key)} onDelete={() => setDoomed(toggle)} />
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {doomed === null ? null : <DeleteToggle toggle={doomed} onClose={() => setDoomed(null)} />}
    </Page>
  );
}

function summary(list: Toggle[] | undefined): string {
  if (list === undefined) return "Switches that act at once.";
  return `${counted(list.length, "toggle")}, ${list.filter((toggle) => toggle.enabled).length} on. A switch acts at once.`;
}

function NoToggles() {
  return (
    <p>
      <strong>No toggle.</strong>
      <br />
      What asks for a toggle that is not there counts it as on.
    </p>
  );
}
