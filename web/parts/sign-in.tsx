import { useSignal } from '@preact/signals'
import type { SessionAnswer, SessionBody } from '../../src/web/api/session.ts'
import { ApiError, ask, messageOf, session } from '../api/client.ts'
import { Problem } from './notes.tsx'
import { textIn } from './own-name.tsx'

export function SignIn() {
  const problem = useSignal<string | null>(null)
  async function signIn(form: HTMLFormElement): Promise<void> {
    const body: SessionBody = { name: textIn(form, 'name'), password: textIn(form, 'password') }
    try {
      session.value = await ask<SessionAnswer>('/api/session', { method: 'POST', body })
    } catch (error) {
      const isWrong = error instanceof ApiError && error.status === 401
      problem.value = isWrong ? 'This is not the password.' : messageOf(error)
    }
  }
  return (
    <form
      class="sign-in"
      onSubmit={event => {
        event.preventDefault()
        void signIn(event.currentTarget)
      }}
    >
      <h1>Sign in</h1>
      {problem.value !== null && <Problem text={problem.value} />}
      <label>
        Your name
        <input name="name" required maxLength={100} autocomplete="username" />
      </label>
      <label>
        Password
        <input name="password" type="password" required autocomplete="current-password" />
      </label>
      <button type="submit" class="main">
        Sign in
      </button>
    </form>
  )
}
