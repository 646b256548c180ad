/** The frame around the screens, and which address shows which. Each screen is fetched when it is first opened. */
import { lazy, type ReactNode, Suspense } from "react";
import { Link, Route, Switch, useRoute } from "wouter";
import { useLogout } from "./api/session.ts";
import { useAnnounce } from "./components/announcer.tsx";
import { Icon, type IconName } from "./components/icon.tsx";
import { Loading } from "./components/panel.tsx";
import { ScreenBoundary } from "./components/screen-boundary.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { paths } from "./paths.ts";

const Dashboard = lazy(() => import("./pages/dashboard.tsx"));
const Experiments = lazy(() => import("./pages/experiments.tsx"));
const NewExperiment = lazy(() => import("./pages/new-experiment.tsx"));
const EditExperiment = lazy(() => import("./pages/edit-experiment.tsx"));
const ResultsPage = lazy(() => import("./results/results-page.tsx"));
const GoalsPage = lazy(() => import("./goals/goals-page.tsx"));
const Calculator = lazy(() => import("./calculator/calculator.tsx"));
const Help = lazy(() => import("./help/help.tsx"));
const Toggles = lazy(() => import("./pages/toggles.tsx"));
const Events = lazy(() => import("./pages/events.tsx"));
const Leads = lazy(() => import("./pages/leads.tsx"));
const Changes = lazy(() => import("./changes/changes.tsx"));
const Library = lazy(() => import("./pages/library.tsx"));

const NAVIGATION: { path: string; pattern: string; icon: IconName; long: string; short: string }[] = [
  { path: paths.dashboard, pattern: paths.dashboard, icon: "dashboard", long: "Dashboard", short: "Dashboard" },
  {
    path: paths.experiments,
    pattern: "/experiments/*?",
    icon: "experiments",
    long: "Experiments",
    short: "Experiments",
  },
  { path: paths.toggles, pattern: paths.toggles, icon: "toggles", long: "Toggles", short: "Toggles" },
  { path: paths.events, pattern: paths.events, icon: "events", long: "Event log", short: "Events" },
  { path: paths.leads, pattern: paths.leads, icon: "leads", long: "Leads", short: "Leads" },
  { path: paths.music, pattern: paths.music, icon: "music", long: "Music library", short: "Music" },
];

export function Screens({ isUnguarded }: { isUnguarded: boolean }) {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the screen
      </a>
      {isUnguarded ? (
        <p className="unguarded" role="alert">
          The admin is open to everybody: ADMIN_AUTH is off. Whoever reaches this address can change everything.
        </p>
      ) : null}
      <div className="shell">
        <Sidebar canLeave={!isUnguarded} />
        <main className="main" id="main" tabIndex={-1}>
          <ScreenBoundary>
            <Suspense fallback={<Coming />}>
              <Routes />
            </Suspense>
          </ScreenBoundary>
        </main>
      </div>
    </>
  );
}

/** What stands there until a screen is fetched; whoever listens to the page hears where they are. */
function Coming() {
  return (
    <>
      <h1 className="only-spoken">Pushnami Admin</h1>
      <Loading />
    </>
  );
}

function Routes() {
  return (
    <Switch>
      <Route path={paths.dashboard} component={Dashboard} />
      <Route path={paths.experiments} component={Experiments} />
      <Route path={paths.newExperiment} component={NewExperiment} />
      <Route path="/experiments/:id">{({ id }) => <EditExperiment key={id} id={id} />}</Route>
      <Route path="/experiments/:id/results">{({ id }) => <ResultsPage key={id} id={id} />}</Route>
      <Route path="/experiments/:id/goals">{({ id }) => <GoalsPage key={id} id={id} />}</Route>
      <Route path={paths.calculator} component={Calculator} />
      <Route path={paths.help} component={Help} />
      <Route path={paths.toggles} component={Toggles} />
      <Route path={paths.events} component={Events} />
      <Route path={paths.leads} component={Leads} />
      <Route path={paths.music} component={Library} />
      <Route path={paths.changes} component={Changes} />
      <Route component={NotFound} />
    </Switch>
  );
}

function Sidebar({ canLeave }: { canLeave: boolean }) {
  const logout = useLogout();
  const announce = useAnnounce();
  return (
    <header className="sidebar">
      <Link className="brand" href={paths.dashboard}>
        <img src="/favicon.svg" alt="" />
        Pushnami
      </Link>
      <div className="meander" />
      <nav className="nav" aria-label="Screens">
        {NAVIGATION.map((entry) => (
          <NavLink key={entry.path} pattern={entry.pattern} path={entry.path}>
            <Icon name={entry.icon} />
            <span className="long">{entry.long}</span>
            <span className="short">{entry.short}</span>
          </NavLink>
        ))}
      </nav>
      <div className="sidebar-foot">
        <Link className="sidebar-link is-second" href={paths.changes}>
          Changes
        </Link>
        <Link className="sidebar-link is-second" href={paths.calculator}>
          Calculator
        </Link>
        <Link className="sidebar-link" href={paths.help}>
          Help
        </Link>
        {canLeave ? (
          <button
            type="button"
            className="button is-small"
            disabled={logout.isPending}
            onClick={() => logout.mutate(undefined, { onError: () => announce("Logging out failed: try again.") })}
          >
            <Icon name="leave" />
            Log out
          </button>
        ) : null}
      </div>
    </header>
  );
}

function NavLink({ path, pattern, children }: { path: string; pattern: string; children: ReactNode }) {
  const [isHere] = useRoute(pattern);
  return (
    <Link href={path} aria-current={isHere ? "page" : undefined}>
      {children}
    </Link>
  );
}
