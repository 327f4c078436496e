import { useEffect } from 'preact/hooks'
import { Link, Route, Switch, useLocation } from 'wouter-preact'
import { loadSession, messageOf, session, signOut } from './api/client.ts'
import { listen } from './api/live.ts'
import { offsetText, zone } from './format/time.ts'
import { useKeys } from './keys.ts'
import { ConnectionNote } from './parts/connection-note.tsx'
import { GoTo } from './parts/go-to.tsx'
import { KeysHelp } from './parts/keys-help.tsx'
import { failure } from './parts/notes.tsx'
import { SignIn } from './parts/sign-in.tsx'
import { Explore } from './views/explore.tsx'
import { IncidentView } from './views/incident.tsx'
import { Incidents } from './views/incidents.tsx'
import { Now } from './views/now.tsx'
import { Receivers } from './views/receivers.tsx'
import { Routes } from './views/routes.tsx'
import { Silences } from './views/silences.tsx'
import { Tune } from './views/tune.tsx'

const views = [
  ['/', 'Now'],
  ['/incidents', 'Incidents'],
  ['/explore', 'Explore'],
  ['/silences', 'Silences'],
  ['/receivers', 'Deliveries'],
  ['/routes', 'Routes'],
  ['/tune', 'Tune']
] as const

export function App() {
  useEffect(() => {
    listen()
    loadSession().catch(error => {
      failure.value = messageOf(error)
    })
  }, [])
  useKeys()
  return (
    <>
      <a class="skip" href="#view">
        Skip to the view
      </a>
      <header class="top">
        <span class="brand">cartwatch</span>
        <nav aria-label="Views">
          <ul>
            {views.map(([path, name]) => (
              <li key={path}>
                <NavLink path={path} name={name} />
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <ConnectionNote />
      <main id="view" tabIndex={-1}>
        {session.value === 'signed_out' ? <SignIn /> : <View />}
      </main>
      <footer>
        <span>
          Times in {zone} ({offsetText(Date.now())})
        </span>
        <span>
          <kbd>?</kbd> keys
        </span>
        <SignedIn />
      </footer>
      <GoTo />
      <KeysHelp />
    </>
  )
}

function NavLink({ path, name }: { readonly path: string; readonly name: string }) {
  const [location] = useLocation()
  const isHere = path === '/' ? location === '/' : location.startsWith(path)
  return (
    <Link href={path} {...(isHere && { 'aria-current': 'page' })}>
      {name}
    </Link>
  )
}

function View() {
  return (
    <Switch>
      <Route path="/" component={Now} />
      <Route path="/incidents" component={Incidents} />
      <Route path="/incidents/:id">{({ id }) => <IncidentView key={id} id={id} />}</Route>
      <Route path="/explore" component={Explore} />
      <Route path="/silences" component={Silences} />
      <Route path="/receivers" component={Receivers} />
      <Route path="/routes" component={Routes} />
      <Route path="/tune" component={Tune} />
      <Route>
        <h1>Nothing here</h1>
        <p>
          There is no such view. <Link href="/">Back to Now</Link>
        </p>
      </Route>
    </Switch>
  )
}

function SignedIn() {
  const who = session.value
  if (who === null || who === 'signed_out' || who.name === null) return null
  return (
    <span>
      Signed in as {who.name}
      {who.role === 'view' && ', who may look and change nothing'}{' '}
      {who.by === 'password' && (
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      )}
    </span>
  )
}
