/** The filters of the event log. A choice acts at once, what is typed acts when one pauses. */
import { useEffect, useId, useRef, useState } from "react";
import type { RecordedEvent } from "../../api/events.ts";
import type { Experiment } from "../../api/experiments.ts";
import { type EventFilters, isFiltered } from "../../compute/event-filters.ts";

const PAUSE_MS = 350;
const TYPES = ["page_view", "click", "form_submit", "scroll", "engagement"];

interface FilterFormProps {
  filters: EventFilters;
  experiments: Experiment[];
  /** The events on the screen: their types and variants are suggested. */
  seen: RecordedEvent[];
  onFilter: (changed: Partial<EventFilters>) => void;
}

export function FilterForm({ filters, experiments, seen, onFilter }: FilterFormProps) {
  const id = useId();
  const types = [...new Set([...TYPES, ...seen.map((event) => event.event_type)])];
  const variants = [
    ...new Set([...experiments.flatMap((one) => one.variants), ...seen.flatMap((event) => event.variant ?? [])]),
  ];
  const isUnknown = filters.experiment !== "" && !experiments.some((one) => one.id === filters.experiment);
  return (
    <search className="filters">
      <TextFilter label="Type" value={filters.type} suggestions={types} onCommit={(type) => onFilter({ type })} />
      <TextFilter
        label="Variant"
        value={filters.variant}
        suggestions={variants}
        onCommit={(variant) => onFilter({ variant })}
      />
      <div className="field">
        <label htmlFor={id}>Experiment</label>
        <select
          id={id}
          className="input"
          value={filters.experiment}
          onChange={(event) => onFilter({ experiment: event.target.value })}
        >
          <option value="">Any</option>
          {experiments.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
          {isUnknown ? <option value={filters.experiment}>{filters.experiment}</option> : null}
        </select>
      </div>
      <TextFilter
        label="Visitor"
        value={filters.visitor}
        suggestions={[]}
        onCommit={(visitor) => onFilter({ visitor })}
      />
      <button
        type="button"
        className="button"
        disabled={!isFiltered(filters)}
        onClick={() => onFilter({ type: "", variant: "", experiment: "", visitor: "" })}
      >
        Clear
      </button>
    </search>
  );
}

interface TextFilterProps {
  label: string;
  value: string;
  suggestions: string[];
  onCommit: (value: string) => void;
}

function TextFilter({ label, value, suggestions, onCommit }: TextFilterProps) {
  const id = useId();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address may change without this field: Back, Clear, a link to one visitor.
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(next: string) {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onCommit(next.trim()), PAUSE_MS);
  }

  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type="search"
        placeholder="Any"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        list={suggestions.length > 0 ? `${id}-list` : undefined}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      {suggestions.length === 0 ? null : (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </div>
  );
}
